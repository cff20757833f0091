// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/descriptor_object.hpp"

#include "core/perform.hpp"

#include <boost/asio/error.hpp>

#include <fcntl.h>
#include <sys/ioctl.h>

namespace emilua {

void require_open(const io_descriptor& d) {
    if (!d.is_open()) throw failure{bad_descriptor()};
}

void assign_descriptor(io_descriptor& d, unique_descriptor&& fd) {
    if (d.is_open()) throw failure{boost::asio::error::already_open};
    const int flags = ::fcntl(fd.get(), F_GETFL);
    if (flags < 0) throw_errno("fcntl", "fd");
    if (!(flags & O_NONBLOCK) &&
        ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) != 0)
        throw_errno("fcntl", "fd");
    d.open(std::move(fd), true);
}

std::size_t bytes_readable(const io_descriptor& d) {
    int n = 0;
    if (::ioctl(d.get(), FIONREAD, &n) != 0) throw_errno("ioctl");
    return static_cast<std::size_t>(n);
}

bool descriptor_object::busy() const noexcept {
    return io_.pending(io_direction::read) != 0 ||
           io_.pending(io_direction::write) != 0 ||
           io_.pending(io_direction::urgent) != 0;
}

void descriptor_object::cancel() {
    require_open(io_);
    io_.cancel();
}

parcel descriptor_object::pack() {
    parcel p;
    if (is_open()) p.descriptors.push_back(io_.release());
    return p;
}

void descriptor_object::adopt(parcel&& p) {
    // Other VMs, or processes, may have had it: the reactor forgets it by hand.
    if (!p.descriptors.empty())
        io_.open(std::move(p.descriptors.front()), true);
}

} // namespace emilua
