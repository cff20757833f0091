// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/descriptor_object.hpp"
#include "core/perform.hpp"

#include <emilua/bytes.hpp>

#include <boost/asio/error.hpp>

namespace emilua {

/// Reads from a stream, whose end is no bytes at all.
template <class Calls> struct receive_attempt {
    mutable_bytes buffer;
    int flags = 0;
    std::size_t received = 0;

    attempt operator()(int fd, error_code& ec) {
        const auto b = buffer.now(ec);
        if (b.size() == 0) return attempt::done;
        bool more = false;
        const auto outcome = retry(received, ec, [&] {
            return Calls::read(fd, b.data(), b.size(), flags, more);
        });
        if (outcome == attempt::would_block) return outcome;
        if (received == 0) {
            if (!ec) ec = boost::asio::error::eof;
            return attempt::done;
        }
        // What was peeked at is still there.
        return Calls::short_means_drained && !more && received < b.size() &&
                       flags == 0
                   ? attempt::drained
                   : attempt::done;
    }
};

template <class Calls> struct send_attempt {
    const_bytes buffer;
    int flags = 0;
    std::size_t sent = 0;

    attempt operator()(int fd, error_code& ec) {
        const auto b = buffer.now(ec);
        if (b.size() == 0 && ec) return attempt::done;
        const auto outcome = retry(sent, ec, [&] {
            return Calls::write(fd, b.data(), b.size(), flags);
        });
        if (sent == 0) return outcome;
        return Calls::short_means_drained && sent < b.size() ? attempt::drained
                                                             : attempt::done;
    }
};

/// A stream of bytes behind one descriptor. `Calls` are the system calls that
/// move them: `read(fd, data, size, flags, more)` and `write`, with `read_name`
/// and `write_name`, the direction of a read with `flags`, and whether less
/// than was asked for means that there is no more for now; a read that ended
/// for another reason sets `more`.
template <class Calls, class Base = descriptor_object>
class byte_stream : public Base {
public:
    explicit byte_stream(vm& owner) : Base{owner} {}
    byte_stream(vm& owner, unique_descriptor fd) : Base{owner} {
        this->io_.open(std::move(fd));
    }
    byte_stream(byte_stream&& o) noexcept
        : Base{std::move(o)}, more_{o.more_.load(std::memory_order_relaxed)} {}

    void read_some(mutable_bytes buffer, handler<std::size_t> h) {
        receive(buffer, 0, std::move(h));
    }
    void write_some(const_bytes buffer, handler<std::size_t> h) {
        send(buffer, 0, std::move(h));
    }
    /// The first attempt of `write_some`, within the budget of what completes
    /// at once.
    prompt_write write_at_once(vm& owner, std::span<const std::byte> bytes) {
        prompt_write r;
        if (bytes.empty() || !this->is_open() ||
            this->io_.pending(io_direction::write) != 0 ||
            owner.inline_budget == 0)
            return r;
        error_code ec;
        r.done = retry(r.size, ec, [&] {
                     return Calls::write(this->io_.get(), bytes.data(),
                                         bytes.size(), 0);
                 }) != attempt::would_block;
        if (r.done) --owner.inline_budget;
        if (ec)
            r.error = lost_connection(ec, Calls::write_name, this->io_.get());
        return r;
    }

protected:
    void receive(mutable_bytes buffer, int flags, handler<std::size_t> h) {
        if (buffer.size() == 0 && this->is_open()) return h({}, 0);
        const auto direction = Calls::direction(flags);
        perform(this->io_, direction,
                direction == io_direction::read &&
                        more_.load(std::memory_order_relaxed)
                    ? at_once::in_budget
                    : at_once::no,
                receive_attempt<Calls>{buffer, flags}, std::move(h),
                Calls::read_name,
                [this](handler<std::size_t>& h, receive_attempt<Calls>& a) {
                    const bool full = a.received == a.buffer.size();
                    if (full != more_.load(std::memory_order_relaxed))
                        more_.store(full, std::memory_order_relaxed);
                    h({}, a.received);
                });
    }

    void send(const_bytes buffer, int flags, handler<std::size_t> h) {
        if (buffer.size() == 0 && this->is_open()) return h({}, 0);
        perform(this->io_, io_direction::write, at_once::in_budget,
                send_attempt<Calls>{buffer, flags}, std::move(h),
                Calls::write_name,
                [](handler<std::size_t>& h, send_attempt<Calls>& a) {
                    h({}, a.sent);
                });
    }

private:
    /// The last read filled its buffer, so that the next one need not wait.
    std::atomic<bool> more_ = false;
};

} // namespace emilua
