// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/start.hpp"

#include "sandbox/part.hpp"

namespace emilua::sandbox {

forked start_init(program_setup s, const start_descriptors& d) {
    const socket_pair setup;
    auto init = fork_server::instance().fork(
        clone_flags(s.within), setup.theirs.get(), guest_kind::program);
    // In the order of program_descriptor.
    std::vector<int> fds{d.input, d.output, d.error, d.reports};
    for (const int fd : {d.entrance, d.inbox, d.supervisor})
        if (fd != -1) fds.push_back(fd);
    s.has_entrance = d.entrance != -1;
    s.has_inbox = d.inbox != -1;
    send_part(setup.ours.get(), encode(s), fds);
    return init;
}

} // namespace emilua::sandbox
