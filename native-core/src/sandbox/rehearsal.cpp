// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/rehearsal.hpp"

#include "sandbox/actor_process.hpp"
#include "sandbox/message.hpp"

#include <emilua/error.hpp>

#include <fcntl.h>

namespace emilua::sandbox {

rehearsal::rehearsal() {
    const unique_descriptor root{::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!root) throw_errno("open");
    constexpr auto program = "/rehearsal.lua";
    actor_setup s;
    s.module = program;
    s.sources[program] = "require('inbox'):receive():send(1)";
    const int first[] = {inbox_.theirs.get(), root.get()};
    send_part(setup_.ours.get(), pack_beginning(s), first);
    send_part(setup_.ours.get(), pack_rest(s), {});
    inbox_.theirs.reset();
    message m;
    m.members.emplace_back("", handle{true, answer_.theirs.get()});
    if (const auto ec = write_message(inbox_.ours.get(), m))
        throw failure{ec, "sendmsg"};
    answer_.theirs.reset();
}

} // namespace emilua::sandbox
