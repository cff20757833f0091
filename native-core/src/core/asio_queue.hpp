// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <boost/asio/io_context.hpp>

namespace boost::asio::detail {
class epoll_reactor;
class scheduler;
} // namespace boost::asio::detail

namespace emilua {

/// What a loop that is not Asio's needs to know of it, and Asio has no door to.
/// For a context that one thread polls.
class asio_queue {
public:
    explicit asio_queue(boost::asio::io_context& io);

    /// Whether handlers are ready. Not from inside of one.
    bool has_ready() const;

    /// The epoll descriptor.
    int descriptor() const;

private:
    boost::asio::detail::epoll_reactor& reactor_;
    boost::asio::detail::scheduler& scheduler_;
};

} // namespace emilua
