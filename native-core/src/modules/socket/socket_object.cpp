// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/socket/socket_object.hpp"

#include "modules/socket/options.hpp"

namespace emilua::socket {

void socket_object::shutdown(shutdown_type what) {
    if (::shutdown(io_.get(), static_cast<int>(what)) != 0)
        throw_errno("shutdown");
}

void socket_object::wait(wait_type w, handler<> h) {
    if (!is_open()) return h.fail(bad_descriptor(), "poll");
    const auto direction = w == wait_type::read    ? io_direction::read
                           : w == wait_type::write ? io_direction::write
                                                   : io_direction::urgent;
    io_.start(
        direction, first_step::rearm, wait_attempt{},
        named_completion{std::move(h), "poll", [](auto& h, auto&) { h({}); }});
}

file_descriptor socket_object::release() {
    require_open(io_);
    return file_descriptor{io_.release()};
}

void assign(io_descriptor& d, socket_family family, socket_kind kind,
            file_descriptor& fd) {
    if (!fd.is_socket(family, kind, std::nullopt))
        throw_invalid_argument("fd", "a socket of that family and kind");
    auto taken = fd.take();
    try {
        assign_descriptor(d, std::move(taken));
        look_for_linger(d);
    } catch (const failure&) {
        fd = file_descriptor{std::move(taken)};
        throw;
    }
}

} // namespace emilua::socket
