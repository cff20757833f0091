// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/dial.hpp"

#include "core/blocking_pool.hpp"
#include "modules/ip/resolve.hpp"

#include <algorithm>

namespace emilua::ip {
namespace {

/// Whether this machine has no such version of IP, or no such address.
bool is_unsupported(const error_code& ec) noexcept {
    return ec == boost::asio::error::address_family_not_supported ||
           ec == boost::system::errc::address_not_available;
}

/// Resolves an endpoint, then tries what was found, one after the other.
/// Every step runs on the VM's turn, because a cancellation does.
template <class Result>
class attempt_each : public queue_node,
                     public std::enable_shared_from_this<attempt_each<Result>> {
public:
    attempt_each(vm& owner, handler<Result> h)
        : owner_{&owner}, h_{std::move(h)} {
        run = [](vm&, queue_node& n) {
            auto& self = static_cast<attempt_each&>(n);
            const auto keep = std::move(self.queued_);
            self.connected();
        };
    }

    void start(std::string_view ep, int type, int flags) {
        const auto [host, service] = split_endpoint(ep);
        every_address_ = host.empty();
        address_query q{host, service, AF_UNSPEC, type, flags};
        error_code ec;
        if (auto found = resolve_numeric(q, ec)) {
            if (ec) return h_.fail(ec, "getaddrinfo", "ep");
            try_each(std::move(*found));
        } else {
            lookup_ = start_blocking<entries>(
                *owner_, resolver_pool(), blocking_policy::abandon,
                question{std::move(q)}, answer{this->shared_from_this()});
        }
        starting_ = false;
        if (finished_) return;
        // Weak: the operation must not keep its own handler.
        h_.get_cancellation_slot().assign(
            [weak = this->weak_from_this()](auto) {
                if (const auto self = weak.lock()) self->cancel();
            });
    }

private:
    static constexpr bool listens = std::is_same_v<Result, tcp_acceptor>;
    using entries = std::vector<address_entry>;
    struct question {
        address_query query;
        entries operator()() const { return find_addresses(query); }
    };
    struct answer {
        std::shared_ptr<attempt_each> self;
        void operator()(blocking_outcome<entries>& o) { self->resolved(o); }
    };

    void resolved(blocking_outcome<entries>& o) {
        lookup_.reset();
        if (canceled_) return fail(aborted());
        if (o.error)
            return fail(failure{o.error->code, o.error->syscall, "ep"});
        try_each(std::move(std::get<0>(*o.values)));
    }

    void try_each(entries found) {
        entries_ = std::move(found);
        // One IPv6 acceptor serves both versions.
        if (listens && every_address_)
            std::ranges::stable_partition(
                entries_, [](auto& e) { return e.address.is_v6(); });
        try_next();
    }

    void try_next() {
        while (next_ < entries_.size()) {
            const auto& e = entries_[next_++];
            candidate_.emplace(*owner_);
            try {
                if (!begin({e.address, e.port})) return;
                return succeed();
            } catch (const failure& f) {
                last_ = failure{f.code, f.syscall};
                // Who asked for an address that is taken does not mean another.
                if (listens && !is_unsupported(last_.code)) break;
            }
        }
        if (next_ > 0) {
            const auto& tried = entries_[next_ - 1];
            last_.path = endpoint_to_string(address{tried.address},
                                            port_number{tried.port});
        }
        fail(last_);
    }

    /// False when it has to wait.
    bool begin(const boost::asio::ip::tcp::endpoint& e);

    void connected() {
        if (!last_.code) return succeed();
        if (canceled_) return fail(aborted());
        try_next();
    }

    void cancel() {
        if (finished_ || canceled_) return;
        canceled_ = true;
        if (lookup_) {
            if (!lookup_->cancel()) return;
            // Not from here: the completion may end what is calling.
            finished_ = true;
            h_.fail_later(boost::asio::error::operation_aborted);
        } else {
            candidate_->cancel();
        }
    }

    void finish() {
        finished_ = true;
        if (!starting_) h_.get_cancellation_slot().clear();
    }
    void succeed() {
        const auto keep = this->shared_from_this();
        const bool at_once = !starting_ || h_.may_complete_inline();
        finish();
        if (at_once)
            h_({}, std::move(*candidate_));
        else
            h_.complete_later({}, std::move(*candidate_));
    }
    void fail(failure f) {
        const auto keep = this->shared_from_this();
        finish();
        h_.fail(std::move(f));
    }
    static failure aborted() {
        return failure{boost::asio::error::operation_aborted};
    }

    vm* owner_;
    handler<Result> h_;
    std::shared_ptr<blocking_call<question, answer, entries>> lookup_;
    entries entries_;
    std::size_t next_ = 0;
    std::optional<Result> candidate_;
    failure last_{boost::asio::error::host_not_found};
    /// Held while the VM's queue points at this.
    std::shared_ptr<attempt_each> queued_;
    bool every_address_ = false;
    bool starting_ = true, canceled_ = false, finished_ = false;
};

template <>
bool attempt_each<tcp_socket>::begin(const boost::asio::ip::tcp::endpoint& e) {
    auto done = [self = shared_from_this()](const error_code& ec, auto&) {
        self->last_ = failure{ec, "connect"};
        self->queued_ = self;
        self->owner_->post(*self);
    };
    const auto result = candidate_->connect_to(e, true, done);
    if (result && *result) throw failure{*result, "connect"};
    return result.has_value();
}

template <>
bool attempt_each<udp_socket>::begin(const boost::asio::ip::tcp::endpoint& e) {
    throw_if(candidate_->connect_to(e), "connect");
    return true;
}

template <>
bool attempt_each<tcp_acceptor>::begin(
    const boost::asio::ip::tcp::endpoint& e) {
    const address a{e.address()};
    candidate_->open(a);
    candidate_->set_option(
        socket::option_named<tcp_acceptor_option>("reuse_address"), true);
    if (every_address_ && a.is_v6())
        candidate_->set_option(
            socket::option_named<tcp_acceptor_option>("v6_only"), false);
    candidate_->bind(a, port_number{e.port()});
    candidate_->listen(std::nullopt);
    return true;
}

} // namespace

void dial_tcp(vm& owner, std::string ep, handler<tcp_socket> h) {
    std::make_shared<attempt_each<tcp_socket>>(owner, std::move(h))
        ->start(ep, SOCK_STREAM, AI_ADDRCONFIG | AI_V4MAPPED);
}

void dial_udp(vm& owner, std::string ep, handler<udp_socket> h) {
    std::make_shared<attempt_each<udp_socket>>(owner, std::move(h))
        ->start(ep, SOCK_DGRAM, AI_ADDRCONFIG | AI_V4MAPPED);
}

void listen_tcp(vm& owner, std::string ep, handler<tcp_acceptor> h) {
    std::make_shared<attempt_each<tcp_acceptor>>(owner, std::move(h))
        ->start(ep, SOCK_STREAM, AI_PASSIVE);
}

} // namespace emilua::ip
