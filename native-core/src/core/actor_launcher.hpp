// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/mailbox.hpp"

namespace emilua {

/// A Lua program to be run as an actor on native threads.
struct actor_request {
    /// Path of the file, or of the directory of its `init.lua`.
    std::string program;
    /// On a thread of its own, instead of the one that such actors share.
    bool own_thread = false;
};

/// Modules know no Lua: the face that does says how actors start. Throws
/// `failure`.
using actor_launcher = std::shared_ptr<actor_address> (*)(const actor_request&);

void set_actor_launcher(actor_launcher launch) noexcept;
actor_launcher get_actor_launcher() noexcept;

} // namespace emilua
