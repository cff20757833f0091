// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/socket_object.hpp"

namespace emilua {

bool socket_object::busy() const noexcept {
    return io_.pending(io_direction::read) != 0 ||
           io_.pending(io_direction::write) != 0 ||
           io_.pending(io_direction::urgent) != 0;
}

void socket_object::cancel() {
    require_open(io_);
    io_.cancel();
}

void socket_object::shutdown(shutdown_type what) {
    if (::shutdown(io_.get(), static_cast<int>(what)) != 0)
        throw_errno("shutdown");
}

void socket_object::wait(wait_type w, handler<> h) {
    if (!is_open()) return h.fail(bad_descriptor(), "poll");
    const auto direction = w == wait_type::read    ? io_direction::read
                           : w == wait_type::write ? io_direction::write
                                                   : io_direction::urgent;
    io_.start(direction, first_step::rearm, wait_attempt{},
              named_completion{h, "poll", [](auto& h, auto&) { h({}); }});
}

} // namespace emilua
