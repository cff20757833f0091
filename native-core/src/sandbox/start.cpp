// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/start.hpp"

namespace emilua::sandbox {

forked start_init(program_setup s, const start_descriptors& d) {
    // In the order of program_descriptor.
    std::vector<int> fds{d.input, d.output, d.error, d.reports};
    for (const int fd : {d.entrance, d.inbox, d.supervisor})
        if (fd != -1) fds.push_back(fd);
    s.has_entrance = d.entrance != -1;
    s.has_inbox = d.inbox != -1;
    const auto bytes = encode(s);
    const setup_part whole[] = {{bytes, fds}};
    auto init = fork_server::instance().fork(
        {guest_kind::program, clone_flags(s.within)}, whole);
    // There is nothing more to tell it.
    init.setup.reset();
    return init;
}

} // namespace emilua::sandbox
