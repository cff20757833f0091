// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/start.hpp"

#include "sandbox/part.hpp"

#include <sys/socket.h>

namespace emilua::sandbox {

forked start_init(const program_setup& s, const start_descriptors& d) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1)
        throw_errno("socketpair");
    const unique_descriptor ours{ends[0]}, theirs{ends[1]};
    auto init = fork_server::instance().fork(clone_flags(s.within),
                                             theirs.get(), guest_kind::program);
    // In the order of program_descriptor.
    const int fds[] = {d.input, d.output, d.error, d.reports, d.entrance};
    send_part(ours.get(), encode(s),
              {fds, d.entrance == -1 ? std::size_t{entrance} : entrance + 1});
    return init;
}

} // namespace emilua::sandbox
