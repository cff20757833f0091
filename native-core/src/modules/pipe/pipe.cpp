// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/pipe/pipe.hpp"

#include <fcntl.h>

namespace emilua::pipe {

template <direction D>
void pipe_end<D>::assign(consumed<file_descriptor> consumed_fd) {
    constexpr bool reads = D == direction::read;
    auto& fd = *consumed_fd;
    if (is_open()) throw failure{boost::asio::error::already_open};
    const int flags = ::fcntl(fd.get(), F_GETFL);
    if (flags < 0) throw_errno("fcntl", "fd");
    const int mode = flags & O_ACCMODE;
    if (mode != (reads ? O_RDONLY : O_WRONLY) && mode != O_RDWR) {
        throw_invalid_argument("fd",
                               reads ? "a descriptor that can be read from"
                                     : "a descriptor that can be written to");
    }
    auto taken = fd.take();
    try {
        io_.open(std::move(taken), true);
    } catch (failure& f) {
        fd = file_descriptor{std::move(taken)};
        f.argument = "fd";
        throw;
    }
}

template <direction D> file_descriptor pipe_end<D>::release() {
    require_open(io_);
    return file_descriptor{io_.release()};
}

template class pipe_end<direction::read>;
template class pipe_end<direction::write>;

std::tuple<read_stream, write_stream> pair(vm& owner) {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) throw_errno("pipe2");
    unique_descriptor reader{fds[0]}, writer{fds[1]};
    return {read_stream{owner, std::move(reader)},
            write_stream{owner, std::move(writer)}};
}

} // namespace emilua::pipe
