// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/file_transfer.hpp"
#include "core/io_descriptor.hpp"

#include <liburing.h>

#include <mutex>

namespace emilua {

/// What a context has on its way through io_uring(7).
///
/// What is submitted goes to the kernel together, after the turn that asked
/// for it, and what the kernel had at once is completed there and then. For
/// the rest the ring has an eventfd in the reactor.
class file_ring {
public:
    /// The ring of a context, made when it is first asked for. Nothing where
    /// the kernel refuses one. Any thread of the context.
    static file_ring* of(boost::asio::io_context& io);

    explicit file_ring(boost::asio::io_context& io);
    file_ring(const file_ring&) = delete;
    file_ring& operator=(const file_ring&) = delete;
    /// Only while nothing is on its way.
    ~file_ring();

    void submit(file_transfer& t);
    /// Takes `t` back: true if the kernel has not seen it, and nobody will
    /// hear of it any more. Otherwise it ends by itself, soon where the kernel
    /// can do something about it. `t` has not ended.
    bool take_back(file_transfer& t) noexcept;

private:
    struct completions;
    using list = transfer_list<&file_transfer::of_ring>;

    /// What the kernel's queue has room for; more waits here.
    static constexpr unsigned entries = 256;

    bool is_open() const noexcept { return ring_.ring_fd >= 0; }
    void flush_later();
    void flush();
    void fill() noexcept;
    void enter() noexcept;
    void collect(list& done) noexcept;
    void complete(list& done);

    boost::asio::io_context& io_;
    std::mutex mutex_;
    io_uring ring_{};
    io_descriptor event_;
    list waiting_;
    unsigned in_kernel_ = 0;
    bool flush_posted_ = false;
    /// Somebody waits for the eventfd.
    bool watching_ = false;
};

} // namespace emilua
