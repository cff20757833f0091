// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/name_service.hpp"

#include "core/resolver.hpp"
#include "core/thread_pool.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <thread>

namespace emilua::sandbox {

name_service::name_service(boost::asio::io_context& io,
                           unique_descriptor socket, const egress_rules& rules,
                           std::shared_ptr<refusal_log> log)
    : io_{io}, socket_{io}, rules_{rules}, log_{std::move(log)} {
    socket_.assign(socket.get());
    static_cast<void>(socket.release());
}

void name_service::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

const std::set<std::string>& name_service::names_of(const address& a) const {
    static const std::set<std::string> none;
    const auto at = names_.find(egress_rules::normal(a));
    return at == names_.end() ? none : at->second;
}

void name_service::receive() {
    socket_.async_wait(
        boost::asio::posix::descriptor_base::wait_read,
        [self = shared_from_this()](const boost::system::error_code& ec) {
            if (ec) return;
            // No more at once, so that others have their turn.
            for (int i = 0; i < 16; ++i) {
                client c{};
                c.size = sizeof(c.from);
                char packet[512];
                const auto n =
                    ::recvfrom(self->socket_.native_handle(), packet,
                               sizeof(packet), MSG_DONTWAIT,
                               reinterpret_cast<sockaddr*>(&c.from), &c.size);
                if (n < 0) break;
                auto q =
                    dns::read_question({packet, static_cast<std::size_t>(n)});
                if (!q) continue;
                c.question = std::move(*q);
                self->take(std::move(c));
            }
            self->receive();
        });
}

void name_service::take(client c) {
    const auto type = c.question.type;
    const bool v4 = type == static_cast<std::uint16_t>(dns::record::a);
    const bool v6 = type == static_cast<std::uint16_t>(dns::record::aaaa);
    const auto name = egress_rules::normal(c.question.name);
    if (name == "localhost")
        return reply(c, dns::result::ok,
                     {boost::asio::ip::address_v4::loopback(),
                      boost::asio::ip::address_v6::loopback()});
    if (!rules_.allows(name)) {
        if (v4 || v6)
            log_->add({refused_operation::resolve, name, "network.allow",
                       name + ":*"});
        return reply(c, dns::result::no_such_name, {});
    }
    if (!v4 && !v6) return reply(c, dns::result::ok, {});
    // Who is not answered asks again.
    if (clients_ == most_clients) return;
    ++clients_;
    const key k{name, type};
    auto& all = waiting_[k];
    all.push_back(std::move(c));
    if (all.size() > 1) return;
    if (lookups_ < most_lookups)
        look_up(k);
    else
        queue_.push_back(k);
}

void name_service::look_up(const key& k) {
    ++lookups_;
    // Not one of the resolver's pool, whose threads all VMs wait for.
    std::thread{[self = shared_from_this(), k] {
        block_signals_on_this_thread();
        auto r = dns::result::ok;
        std::vector<address> addresses;
        try {
            const bool v6 =
                k.second == static_cast<std::uint16_t>(dns::record::aaaa);
            for (const auto& e : find_addresses({.host = k.first,
                                 .service = {},
                                 .family = v6 ? AF_INET6 : AF_INET,
                                 .socket_type = SOCK_STREAM}))
                addresses.push_back(e.address);
        } catch (const failure& f) {
            // It may have addresses of the other kind.
            if (f.code != boost::asio::error::host_not_found)
                r = dns::result::failed;
        }
        auto& io = self->io_;
        boost::asio::post(io, [self = std::move(self), k = std::move(k), r,
                               addresses = std::move(addresses)]() mutable {
            self->found(k, r, std::move(addresses));
        });
    }}.detach();
}

void name_service::found(const key& k, dns::result r,
                         std::vector<address> addresses) {
    --lookups_;
    if (!queue_.empty()) {
        const auto next = std::move(queue_.front());
        queue_.pop_front();
        look_up(next);
    }
    std::erase_if(addresses, [&](const address& a) {
        return !egress_rules::may_be_named(a) && !rules_.has_block_of(a);
    });
    for (const auto& a : addresses) {
        const auto n = egress_rules::normal(a);
        if (names_.size() < most_addresses || names_.contains(n))
            names_[n].insert(k.first);
    }
    const auto at = waiting_.find(k);
    const auto clients = std::move(at->second);
    waiting_.erase(at);
    clients_ -= clients.size();
    if (!socket_.is_open()) return;
    for (const auto& c : clients) reply(c, r, addresses);
}

void name_service::reply(const client& c, dns::result r,
                         const std::vector<address>& addresses) {
    const auto packet = dns::answer(c.question, r, addresses);
    // One that is lost is asked for again.
    [[maybe_unused]] const auto n =
        ::sendto(socket_.native_handle(), packet.data(), packet.size(),
                 MSG_DONTWAIT | MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&c.from), c.size);
}

} // namespace emilua::sandbox
