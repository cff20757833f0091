// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/vm.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace emilua {

/// One blocking question to the system, asked on a thread of a small pool.
///
/// getaddrinfo cannot be interrupted. A lookup that is cancelled is abandoned:
/// it owns all it touches, and its answer is dropped. Nothing ever waits for
/// the pool's threads, not even the end of the process.
class lookup : public queue_node, public std::enable_shared_from_this<lookup> {
public:
    /// `ask` runs on a thread of the pool and must not touch the VM; `answer`
    /// runs on the VM's turn afterwards. Throws `failure` when no thread can
    /// be had.
    static std::shared_ptr<lookup> start(vm& owner, std::function<void()> ask,
                                         std::function<void()> answer);

    /// On the VM's turn. True: `answer` will not be called. False: it was, or
    /// is about to be.
    bool cancel();

private:
    friend class lookup_pool;
    enum class state { asking, arrived, abandoned };

    lookup(vm& owner, std::function<void()> ask, std::function<void()> answer);
    void work();
    void arrive();
    static void deliver(vm&, queue_node& node);

    vm* owner_;
    std::function<void()> ask_, answer_;
    /// Keeps the context running.
    std::optional<boost::asio::executor_work_guard<
        boost::asio::io_context::executor_type>>
        guard_;
    /// Held while the VM's queue points at this.
    std::shared_ptr<lookup> queued_;
    std::mutex mutex_;
    state state_ = state::asking;
};

struct address_query {
    /// Empty: this machine.
    std::string host;
    /// Empty: port 0.
    std::string service;
    /// AF_UNSPEC, AF_INET, AF_INET6.
    int family = 0;
    /// SOCK_STREAM, SOCK_DGRAM.
    int socket_type = 0;
    /// AI_*.
    int flags = 0;
};

struct address_entry {
    boost::asio::ip::address address;
    std::uint16_t port = 0;
    std::optional<std::string> canonical_name;
};

struct name_entry {
    std::string host_name;
    std::string service_name;
};

/// Answers without asking anybody, if host and service are numbers.
std::optional<std::vector<address_entry>>
resolve_numeric(const address_query& q, error_code& ec);

/// Calls `done` on the VM's turn, never before it returns.
std::shared_ptr<lookup>
resolve(vm& owner, address_query q,
        std::function<void(error_code, std::vector<address_entry>)> done);

std::shared_ptr<lookup>
resolve_name(vm& owner, const boost::asio::ip::address& address,
             std::uint16_t port, bool datagram,
             std::function<void(error_code, std::vector<name_entry>)> done);

} // namespace emilua
