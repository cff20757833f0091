// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/observer.hpp"

#include <emilua/describe.hpp>

template <> struct emilua::fields_of<emilua::observed_fiber> {
    using o = observed_fiber;
    static constexpr auto name = "observed_fiber";
    static constexpr field_description items[] = {
        field<&o::id>("id", "As its program knows it: this_fiber.id."),
        field<&o::name>("name", "Of JavaScript: what it was spawned with."),
        field<&o::state>("state", "\"running\", \"ready\", \"waiting\", or "
                                  "\"ended\" and not joined."),
        field<&o::is_main>("is_main", "Whether it is the program's."),
        field<&o::canceled>("canceled", "Whether it was asked to end."),
        field<&o::waits_for>("waits_for",
                             "What it called: \"tcp.socket:read_some()\"."),
        field<&o::waits_for_fiber>("waits_for_fiber",
                                   "The id of the fiber that it joins, or that "
                                   "has its mutex."),
        field<&o::where>("where", "FILE:LINE of the program."),
        field<&o::function>("in_function", "The function there."),
        field<&o::seconds>("seconds", "How long it has waited."),
    };
};

template <> struct emilua::fields_of<emilua::observed_vm> {
    using o = observed_vm;
    static constexpr auto name = "observed_vm";
    static constexpr field_description items[] = {
        field<&o::id>("id", "As reports name it."),
        field<&o::language>("language", "\"lua\" or \"javascript\"."),
        field<&o::role>("role", "\"main\" or \"worker\"."),
        field<&o::state>("state", "\"running\", or \"waiting\" for something "
                                  "to happen."),
        field<&o::program>("program", "The program's file."),
        field<&o::seconds>("seconds",
                           "How long since its last turn began; of Lua."),
        field<&o::messages>("messages", "How many lie in its inbox."),
        field<&o::fibers>("fibers", "Its fibers, oldest first; none of "
                                    "JavaScript that was busy for a second."),
    };
};

namespace emilua::actor {

/// `emilua::observe` of this process, or another.
inline std::vector<observed_vm> observe(std::optional<int> pid) {
    if (pid && *pid < 1) throw_invalid_argument("pid", "a process");
    return emilua::observe(pid.value_or(0));
}

} // namespace emilua::actor
