// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/resolver.hpp"

#include "core/thread_pool.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <netdb.h>

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <system_error>
#include <thread>

namespace emilua {

class lookup_pool {
public:
    /// Lives until the process is gone: threads may still use it then.
    static lookup_pool& instance() {
        alignas(lookup_pool) static std::byte storage[sizeof(lookup_pool)];
        static auto* const pool = ::new (storage) lookup_pool;
        return *pool;
    }

    void submit(std::shared_ptr<lookup> job) {
        const std::lock_guard lock{mutex_};
        queue_.push_back(std::move(job));
        if (idle_ >= queue_.size()) return wake_.notify_one();
        if (threads_ == max_threads) return;
        try {
            std::thread{[this] { run(); }}.detach();
            ++threads_;
        } catch (const std::system_error& e) {
            if (threads_ > 0) return;
            queue_.pop_back();
            throw failure{
                error_code{e.code().value(), boost::system::system_category()},
                "pthread_create"};
        }
    }

private:
    static constexpr unsigned max_threads = 4;
    static constexpr std::chrono::seconds idle_time{5};

    lookup_pool() = default;

    void run() {
        block_signals_on_this_thread();
        ::pthread_setname_np(::pthread_self(), "emilua-lookup");
        std::unique_lock lock{mutex_};
        for (;;) {
            if (queue_.empty()) {
                ++idle_;
                const bool woken = wake_.wait_for(
                    lock, idle_time, [this] { return !queue_.empty(); });
                --idle_;
                if (!woken) break;
            }
            auto job = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            job->work();
            job.reset();
            lock.lock();
        }
        --threads_;
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::shared_ptr<lookup>> queue_;
    unsigned threads_ = 0, idle_ = 0;
};

lookup::lookup(vm& owner, std::function<void()> ask,
               std::function<void()> answer)
    : owner_{&owner}, ask_{std::move(ask)}, answer_{std::move(answer)},
      guard_{std::in_place, owner.io().get_executor()} {
    run = &deliver;
}

std::shared_ptr<lookup> lookup::start(vm& owner, std::function<void()> ask,
                                      std::function<void()> answer) {
    struct constructible : lookup {
        constructible(vm& v, std::function<void()>&& a,
                      std::function<void()>&& b)
            : lookup{v, std::move(a), std::move(b)} {}
    };
    std::shared_ptr<lookup> job = std::make_shared<constructible>(
        owner, std::move(ask), std::move(answer));
    lookup_pool::instance().submit(job);
    return job;
}

bool lookup::cancel() {
    const std::lock_guard lock{mutex_};
    if (state_ != state::asking) return state_ == state::abandoned;
    state_ = state::abandoned;
    guard_.reset();
    answer_ = nullptr;
    return true;
}

void lookup::work() {
    {
        const std::lock_guard lock{mutex_};
        if (state_ == state::abandoned) return;
    }
    ask_();
    // Held while posting: whoever abandons a lookup may destroy the context
    // next.
    const std::lock_guard lock{mutex_};
    if (state_ == state::abandoned) return;
    owner_->context().post([self = shared_from_this()] { self->arrive(); });
}

void lookup::arrive() {
    const std::lock_guard lock{mutex_};
    if (state_ == state::abandoned) return;
    state_ = state::arrived;
    queued_ = shared_from_this();
    owner_->post(*this);
}

void lookup::deliver(vm&, queue_node& node) {
    const auto self = std::move(static_cast<lookup&>(node).queued_);
    self->guard_.reset();
    const auto answer = std::move(self->answer_);
    answer();
}

namespace {

error_code from_addrinfo(int e) {
    namespace error = boost::asio::error;
    switch (e) {
    case 0:
        return {};
    case EAI_AGAIN:
        return error::host_not_found_try_again;
    case EAI_BADFLAGS:
        return error::invalid_argument;
    case EAI_FAIL:
        return error::no_recovery;
    case EAI_FAMILY:
        return error::address_family_not_supported;
    case EAI_MEMORY:
        return error::no_memory;
    case EAI_NONAME:
    case EAI_ADDRFAMILY:
    case EAI_NODATA:
        return error::host_not_found;
    case EAI_SERVICE:
        return error::service_not_found;
    case EAI_SOCKTYPE:
        return error::socket_type_not_supported;
    default:
        return {errno, boost::system::system_category()};
    }
}

error_code ask_system(const address_query& q, int extra_flags,
                      std::vector<address_entry>& out) {
    addrinfo hints{};
    hints.ai_flags = q.flags | extra_flags;
    hints.ai_family = q.family;
    hints.ai_socktype = q.socket_type;
    addrinfo* list = nullptr;
    auto text = [](const std::string& s) {
        return s.empty() ? nullptr : s.c_str();
    };
    const auto ec = from_addrinfo(
        ::getaddrinfo(text(q.host), text(q.service), &hints, &list));
    if (ec) return ec;
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned{list,
                                                               ::freeaddrinfo};
    std::optional<std::string> canonical;
    if (q.flags & AI_CANONNAME)
        canonical = list->ai_canonname ? list->ai_canonname : q.host;
    for (auto* i = list; i; i = i->ai_next) {
        boost::asio::ip::tcp::endpoint e;
        if (i->ai_family != AF_INET && i->ai_family != AF_INET6) continue;
        std::memcpy(e.data(), i->ai_addr, i->ai_addrlen);
        out.push_back({e.address(), e.port(), canonical});
    }
    return {};
}

std::optional<std::uint16_t> numeric_port(const std::string& s) {
    std::uint16_t port = 0;
    if (s.empty()) return port;
    const auto [end, e] = std::from_chars(s.data(), s.data() + s.size(), port);
    if (e != std::errc{} || end != s.data() + s.size()) return std::nullopt;
    return port;
}

} // namespace

std::optional<std::vector<address_entry>>
resolve_numeric(const address_query& q, error_code& ec) {
    using namespace boost::asio;
    ec = {};
    const auto port = numeric_port(q.service);
    if (!port) return std::nullopt;
    std::vector<address_entry> r;
    if (q.host.empty()) {
        // Only says "any" and "loopback": nobody has to be asked.
        ec = ask_system(q, AI_NUMERICSERV | AI_NUMERICHOST, r);
        return r;
    }
    error_code not_numeric;
    ip::address a = ip::make_address(q.host, not_numeric);
    if (not_numeric) return std::nullopt;
    if (a.is_v4() && q.family == AF_INET6 && q.flags & AI_V4MAPPED)
        a = ip::make_address_v6(ip::v4_mapped, a.to_v4());
    if ((a.is_v4() && q.family == AF_INET6) ||
        (a.is_v6() && q.family == AF_INET)) {
        ec = error::host_not_found;
        return r;
    }
    std::optional<std::string> canonical;
    if (q.flags & AI_CANONNAME) canonical = q.host;
    r.push_back({a, *port, std::move(canonical)});
    return r;
}

std::shared_ptr<lookup>
resolve(vm& owner, address_query q,
        std::function<void(error_code, std::vector<address_entry>)> done) {
    struct state {
        address_query query;
        error_code ec;
        std::vector<address_entry> entries;
    };
    auto s = std::make_shared<state>(state{std::move(q), {}, {}});
    return lookup::start(
        owner, [s] { s->ec = ask_system(s->query, 0, s->entries); },
        [s, done = std::move(done)] { done(s->ec, std::move(s->entries)); });
}

std::shared_ptr<lookup>
resolve_name(vm& owner, const boost::asio::ip::address& address,
             std::uint16_t port, bool datagram,
             std::function<void(error_code, std::vector<name_entry>)> done) {
    struct state {
        boost::asio::ip::tcp::endpoint endpoint;
        int flags;
        error_code ec;
        std::vector<name_entry> entries;
    };
    auto s = std::make_shared<state>(
        state{{address, port}, datagram ? NI_DGRAM : 0, {}, {}});
    auto ask = [s] {
        char host[NI_MAXHOST], service[NI_MAXSERV];
        int e = 0;
        // A port without a name is no reason to fail.
        for (const int extra : {0, NI_NUMERICSERV}) {
            e = ::getnameinfo(
                s->endpoint.data(), static_cast<socklen_t>(s->endpoint.size()),
                host, sizeof(host), service, sizeof(service), s->flags | extra);
            if (e == 0) break;
        }
        s->ec = from_addrinfo(e);
        if (!s->ec) s->entries.push_back({host, service});
    };
    return lookup::start(owner, std::move(ask), [s, done = std::move(done)] {
        done(s->ec, std::move(s->entries));
    });
}

} // namespace emilua
