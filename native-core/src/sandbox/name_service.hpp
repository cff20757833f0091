// SPDX-License-Identifier: MIT OR BSL-1.0
// The name server of a guest that may reach some hosts by name.
#pragma once

#include "sandbox/dns.hpp"
#include "sandbox/egress.hpp"
#include "sandbox/refusal_log.hpp"

#include <emilua/unique_descriptor.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <sys/socket.h>

namespace emilua::sandbox {

/// Answers what its guest may know: the addresses of names that the rules have,
/// as the host finds them, one lookup for all who ask at once. The rest does
/// not exist. For one thread, that of its context.
class name_service : public std::enable_shared_from_this<name_service> {
public:
    using address = boost::asio::ip::address;

    /// `socket` is one of UDP, in the guest's network.
    name_service(boost::asio::io_context& io, unique_descriptor socket,
                 const egress_rules& rules, std::shared_ptr<refusal_log> log);

    void start() { receive(); }
    void close();

    /// Names that were answered with this address.
    const std::set<std::string>& names_of(const address& a) const;

private:
    struct client {
        sockaddr_storage from;
        socklen_t size;
        dns::question question;
    };
    using key = std::pair<std::string, std::uint16_t>;

    void receive();
    void take(client c);
    void look_up(const key& k);
    void found(const key& k, dns::result r, std::vector<address> addresses);
    void reply(const client& c, dns::result r,
               const std::vector<address>& addresses);

    /// Threads at once, clients that wait, and addresses that are remembered.
    static constexpr std::size_t most_lookups = 16, most_clients = 256,
                                 most_addresses = 4096;

    boost::asio::io_context& io_;
    boost::asio::posix::stream_descriptor socket_;
    const egress_rules& rules_;
    std::shared_ptr<refusal_log> log_;
    std::map<key, std::vector<client>> waiting_;
    std::deque<key> queue_;
    std::size_t lookups_ = 0, clients_ = 0;
    std::map<address, std::set<std::string>> names_;
};

} // namespace emilua::sandbox
