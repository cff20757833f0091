// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <boost/asio/io_context.hpp>

namespace boost::asio::detail {
class epoll_reactor;
class scheduler;
} // namespace boost::asio::detail

namespace emilua {

/// What a loop that is not Asio's needs of it, and Asio has no door to.
/// For a context that one thread polls.
class asio_queue {
public:
    explicit asio_queue(boost::asio::io_context& io);

    /// Whether handlers are ready. Not from inside of one.
    bool has_ready() const;

    /// Runs what is ready, but at most `limit` handlers: one may post the next
    /// without end. How many. Cheaper than as many times `poll_one`.
    std::size_t poll(std::size_t limit);

    /// The epoll descriptor.
    int descriptor() const;

private:
    boost::asio::detail::epoll_reactor& reactor_;
    boost::asio::detail::scheduler& scheduler_;
};

} // namespace emilua
