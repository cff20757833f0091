// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/start.hpp"

namespace emilua::sandbox {

forked start_init(program_setup s, const start_descriptors& d) {
    // In the order of program_descriptor.
    std::vector<int> fds{d.input, d.output, d.error, d.reports};
    fds.insert(fds.end(), d.entrances.begin(), d.entrances.end());
    for (const int fd : {d.inbox, d.failures, d.supervisor})
        if (fd != -1) fds.push_back(fd);
    s.entrances = d.entrances.size();
    s.has_inbox = d.inbox != -1;
    const auto bytes = encode(s);
    const setup_part whole[] = {{bytes, fds}};
    const guest_shape shape{guest_kind::program, clone_flags(s.within)};
    auto init =
        fork_server::instance().fork(shape, whole,
                                     ready_policy::is_possible_for(s.within)
                                         ? encode_policy(std::move(s.within))
                                         : std::string{});
    // There is nothing more to tell it.
    init.setup.reset();
    return init;
}

} // namespace emilua::sandbox
