// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/stream_socket.hpp"

namespace emilua {
void stream_socket::receive(mutable_bytes buffer, int flags,
                            handler<std::size_t> h) {
    if (!io_.is_open()) return h.fail(bad_descriptor(), "recv");
    if (buffer.size() == 0) return h({}, 0);

    receive_attempt a{buffer, flags};
    auto first = first_step::attempt;
    if (more_.load(std::memory_order_relaxed) &&
        io_.pending(io_direction::read) == 0 && h.may_complete_inline()) {
        error_code ec;
        const auto outcome = a(io_.get(), ec);
        if (ec) return h.fail(ec, "recv");
        if (outcome != attempt::would_block) {
            if (outcome == attempt::drained)
                more_.store(false, std::memory_order_relaxed);
            return h({}, a.received);
        }
        first = after_vain_attempt(h.owner());
    }
    struct remember {
        stream_socket* self;
        void operator()(handler<std::size_t>& h, receive_attempt& a) const {
            const bool full = a.received == a.buffer.size();
            if (full != self->more_.load(std::memory_order_relaxed))
                self->more_.store(full, std::memory_order_relaxed);
            h({}, a.received);
        }
    };
    const auto direction =
        flags & MSG_OOB ? io_direction::urgent : io_direction::read;
    if (flags & MSG_OOB) first = first_step::rearm;
    io_.start(direction, first, a, named_completion{h, "recv", remember{this}});
}

void stream_socket::send(const_bytes buffer, int flags,
                         handler<std::size_t> h) {
    if (!io_.is_open()) return h.fail(bad_descriptor(), "send");
    if (buffer.size() == 0) return h({}, 0);

    send_attempt a{buffer, flags};
    auto first = first_step::attempt;
    if (io_.pending(io_direction::write) == 0 && h.may_complete_inline()) {
        error_code ec;
        if (a(io_.get(), ec) != attempt::would_block) {
            if (ec) return h.fail(ec, "send");
            return h({}, a.sent);
        }
        first = after_vain_attempt(h.owner());
    }
    io_.start(
        io_direction::write, first, a,
        named_completion{h, "send", [](auto& h, auto& a) { h({}, a.sent); }});
}

} // namespace emilua
