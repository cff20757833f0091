// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/actor_family.hpp"
#include "core/mailbox.hpp"

namespace emilua {

/// A Lua program to be run as an actor on native threads.
struct actor_request {
    /// Path of the file, or of the directory of its `init.lua`.
    std::string program;
    /// On a thread of its own, instead of the one that such actors share.
    bool own_thread = false;
    /// The actors of the program that asks.
    std::shared_ptr<actor_family> family;
    inbox_limit inbox{};
};

/// Modules know no Lua: the face that does says how actors start, and end.
struct actor_launcher {
    /// Throws `failure`.
    std::shared_ptr<actor_address> (*launch)(const actor_request&) = nullptr;
};

void set_actor_launcher(const actor_launcher& launcher) noexcept;
/// Its member is null where there is no Lua.
const actor_launcher& get_actor_launcher() noexcept;

} // namespace emilua
