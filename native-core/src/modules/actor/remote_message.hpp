// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/message.hpp"

#include <emilua/value.hpp>

#include <memory>
#include <vector>

namespace emilua::actor {

/// A message on its way to another process, and what lives as long.
struct outgoing {
    sandbox::message content;
    std::vector<std::shared_ptr<void>> kept;
};

/// Throws EINVAL for `message` where it is none that another process can be
/// sent. Actors of this process whose address it carries are listened to from
/// now on.
outgoing to_outgoing(const value& v);

/// What was received.
value to_value(sandbox::message m);

} // namespace emilua::actor
