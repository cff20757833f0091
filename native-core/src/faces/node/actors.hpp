// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/mailbox.hpp"
#include "faces/node/environment.hpp"

/// Actors in JavaScript: each is an environment of its own, a worker, that
/// JavaScript starts and ends. Here they get their inboxes.

namespace emilua::node {

/// An actor that is about to be started, called `name` in errors:
/// `[number, channel]`.
napi_value reserve_actor(environment& starter, std::string name,
                         inbox_limit inbox);
/// In the environment of the actor, before anything asks for its inbox.
void begin_actor(environment& own, std::int32_t number);
/// The actor is no more, or was never begun. `failed` unless it ended by
/// itself.
void end_actor(environment& starter, std::int32_t number, std::string reason,
               bool failed);

} // namespace emilua::node
