// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/pipe/pipe.hpp"

#include <fcntl.h>

namespace emilua::pipe {

file_descriptor pipe_end::release() {
    require_open(io_);
    return file_descriptor{io_.release()};
}

void pipe_end::take(file_descriptor& fd, int access, const char* expected) {
    if (is_open()) throw failure{boost::asio::error::already_open};
    const int flags = ::fcntl(fd.get(), F_GETFL);
    if (flags < 0) throw_errno("fcntl", "fd");
    const int mode = flags & O_ACCMODE;
    if (mode != access && mode != O_RDWR)
        throw_invalid_argument("fd", expected);
    auto taken = fd.take();
    try {
        io_.open(std::move(taken), true);
    } catch (failure& f) {
        fd = file_descriptor{std::move(taken)};
        f.argument = "fd";
        throw;
    }
}

read_stream::read_stream(vm& owner, std::optional<consumed<file_descriptor>> fd)
    : pipe_end{owner} {
    if (fd) assign(std::move(*fd));
}

void read_stream::assign(consumed<file_descriptor> fd) {
    take(*fd, O_RDONLY, "a descriptor that can be read from");
}

write_stream::write_stream(vm& owner,
                           std::optional<consumed<file_descriptor>> fd)
    : pipe_end{owner} {
    if (fd) assign(std::move(*fd));
}

void write_stream::assign(consumed<file_descriptor> fd) {
    take(*fd, O_WRONLY, "a descriptor that can be written to");
}

std::tuple<read_stream, write_stream> pair(vm& owner) {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) throw_errno("pipe2");
    unique_descriptor reader{fds[0]}, writer{fds[1]};
    return {read_stream{owner, std::move(reader)},
            write_stream{owner, std::move(writer)}};
}

} // namespace emilua::pipe
