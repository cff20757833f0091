// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/supervisor.hpp"

#include "core/thread_pool.hpp"
#include "sandbox/name_service.hpp"
#include "sandbox/notifications.hpp"
#include "sandbox/outward_socket.hpp"
#include "sandbox/part.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <sys/syscall.h>

namespace emilua::sandbox {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using wait = asio::posix::descriptor_base;

/// That of the thread. Never destroyed: it runs while the process ends.
asio::io_context& supervisors() {
    static auto& io = []() -> asio::io_context& {
        auto* made = new asio::io_context{1};
        std::thread{[made] {
            block_signals_on_this_thread();
            const auto work = asio::make_work_guard(*made);
            made->run();
        }}.detach();
        return *made;
    }();
    return io;
}

/// What tells networks apart; 0 if the kernel does not.
std::uint64_t network_of(int socket) noexcept {
    std::uint64_t cookie = 0;
    socklen_t size = sizeof(cookie);
    if (::getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) == -1)
        return 0;
    return cookie;
}

std::uint64_t own_network() noexcept {
    const unique_descriptor s{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    return network_of(s.get());
}

std::string text_of(const asio::ip::tcp::endpoint& e) {
    const auto a = egress_rules::normal(e.address());
    auto r = a.to_string();
    if (a.is_v6()) {
        r.insert(0, 1, '[');
        r += ']';
    }
    r += ':';
    return r += std::to_string(e.port());
}

/// Who does not block does not wait for ever either.
constexpr auto glance = std::chrono::seconds{1};
constexpr unsigned patience = 10;

} // namespace

class watched_guest::watch : public std::enable_shared_from_this<watch> {
public:
    watch(unique_descriptor init, egress_rules rules, const confinement& within,
          std::shared_ptr<refusal_log> log)
        : io_{supervisors()}, init_{io_}, listener_{io_}, rules_{std::move(
                                                              rules)},
          log_{std::move(log)}, answers_connect_{within.asks_to_connect} {
        if (within.explains) files_.emplace(within, log_);
        init_.assign(init.get());
        static_cast<void>(init.release());
    }

    void start() {
        init_.async_wait(wait::wait_read, guarded([](watch& w) { w.begin(); }));
    }
    void stop() {
        asio::post(io_, [self = shared_from_this()] { self->close(); });
    }

private:
    struct connecting {
        connecting(asio::io_context& io, const seccomp_notif& c)
            : call{c}, socket{io}, timer{io} {}
        seccomp_notif call;
        socket_kind kind;
        asio::posix::stream_descriptor socket;
        asio::steady_timer timer;
        unsigned waited = 0;
        bool over = false;
    };
    using connection = std::shared_ptr<connecting>;

    /// Whatever fails here ends all answers, and so what asks for them.
    std::function<void(const error_code&)> guarded(void (*f)(watch&)) {
        return [self = shared_from_this(), f](const error_code& ec) {
            if (ec) return;
            try {
                f(*self);
            } catch (const std::exception&) {
                self->close();
            }
        };
    }

    void close() {
        error_code ignored;
        init_.close(ignored);
        if (names_) names_->close();
        if (calls_) {
            listener_.release();
            calls_.reset();
        }
    }

    void begin() {
        auto p = receive_part(init_.native_handle());
        error_code ignored;
        init_.close(ignored);
        if (p.fds.empty()) return;
        if (p.fds.size() > 1) {
            names_ = std::make_shared<name_service>(io_, std::move(p.fds[1]),
                                                    rules_, log_);
            names_->start();
        }
        calls_.emplace(std::move(p.fds[0]));
        listener_.assign(calls_->get());
        listen();
    }

    void listen() {
        if (!calls_ || listening_ || connections_ >= most_connections) return;
        listening_ = true;
        listener_.async_wait(wait::wait_read, guarded([](watch& w) {
                                 w.listening_ = false;
                                 w.receive();
                             }));
    }

    void receive() {
        while (calls_ && connections_ < most_connections) {
            seccomp_notif call{};
            switch (calls_->receive(call)) {
            case notifications::state::none:
                return listen();
            case notifications::state::over:
                return close();
            case notifications::state::one:
                answer(call);
            }
        }
    }

    void answer(const seccomp_notif& call) {
        // Nothing but what is only noted may ever go on.
        if (call.data.nr == SYS_connect && answers_connect_)
            return connect(call);
        switch (call.data.nr) {
        case SYS_connect:
            note_address(call, call.data.args[1], call.data.args[2]);
            break;
        case SYS_sendto:
            note_address(call, call.data.args[4], call.data.args[5]);
            break;
        default:
            if (files_) files_->note(call);
        }
        calls_->go_on(call);
    }

    /// What leads nowhere, because the guest's network has nobody else in it.
    void note_address(const seccomp_notif& call, std::uint64_t address,
                      std::uint64_t size) {
        const auto tid = static_cast<pid_t>(call.pid);
        const auto length = static_cast<std::uint32_t>(size);
        if (length > sizeof(sockaddr_storage)) return;
        const auto bytes = read_memory(tid, address, length);
        const auto to = bytes ? internet_address(*bytes) : std::nullopt;
        if (!to) return;
        const auto socket =
            descriptor_of(tid, static_cast<int>(call.data.args[0]));
        const auto kind = socket ? kind_of(socket.get()) : std::nullopt;
        if (!kind || !calls_->is_waiting(call)) return;
        const bool connects = call.data.nr == SYS_connect;
        if (kind->type == SOCK_DGRAM)
            note_datagrams(*to, connects);
        else if (connects)
            log_->add({refused_operation::connect, text_of(*to),
                       "network.allow", text_of(*to)});
    }

    /// No rule has datagrams. Who looks up a name only connects to its
    /// addresses, to see how they would be reached.
    void note_datagrams(const asio::ip::tcp::endpoint& to, bool connects) {
        const auto a = egress_rules::normal(to.address());
        const bool looks_up =
            connects && (to.port() == 0 || rules_.has_block_of(a) ||
                         (names_ && !names_->names_of(a).empty()));
        if (a.is_loopback() || looks_up) return;
        log_->add({refused_operation::connect, text_of(to) + "/udp", "network",
                   "host"});
    }

    void refuse(const seccomp_notif& call, std::string target,
                std::string value) {
        log_->add({refused_operation::connect, std::move(target),
                   "network.allow", std::move(value)});
        calls_->answer(call, EACCES);
    }

    void connect(const seccomp_notif& call) {
        const auto tid = static_cast<pid_t>(call.pid);
        const auto length = static_cast<std::uint32_t>(call.data.args[2]);
        if (length > sizeof(sockaddr_storage))
            return calls_->answer(call, EINVAL);
        errno = 0;
        const auto bytes = read_memory(tid, call.data.args[1], length);
        int error = errno == EFAULT ? EFAULT : EACCES;
        const auto theirs =
            bytes ? descriptor_of(tid, static_cast<int>(call.data.args[0]))
                  : unique_descriptor{};
        if (bytes) error = errno == EBADF ? EBADF : EACCES;
        if (!calls_->is_waiting(call)) return;
        if (!theirs) return calls_->answer(call, error);
        const auto kind = kind_of(theirs.get());
        if (!kind) return calls_->answer(call, ENOTSOCK);
        const bool internet =
            kind->family == AF_INET || kind->family == AF_INET6;
        if (internet && kind->type == SOCK_DGRAM)
            return connect_datagrams(call, theirs.get(), *bytes);
        if (kind->type == SOCK_DGRAM || (!internet && kind->family != AF_UNIX))
            return refuse_other(call, *bytes);
        if (has_peer(theirs.get())) return calls_->answer(call, EISCONN);
        if (internet)
            connect_stream(call, theirs.get(), *kind, *bytes);
        else
            connect_to_service(call, theirs.get(), *kind, *bytes);
    }

    /// In the guest's own network, where nobody is but its name server.
    void connect_datagrams(const seccomp_notif& call, int theirs,
                           const std::string& bytes) {
        const auto network = network_of(theirs);
        if (network == 0 || network == own_network())
            return refuse_other(call, bytes);
        if (const auto to = internet_address(bytes)) note_datagrams(*to, true);
        const auto r =
            ::connect(theirs, reinterpret_cast<const sockaddr*>(bytes.data()),
                      static_cast<socklen_t>(bytes.size()));
        calls_->answer(call, r == -1 ? errno : 0);
    }

    void refuse_other(const seccomp_notif& call, const std::string& bytes) {
        const auto path = unix_path(bytes);
        if (path) return refuse(call, *path, *path);
        calls_->answer(call, EACCES);
    }

    bool allows(const asio::ip::tcp::endpoint& e,
                const std::set<std::string>& names) const {
        return rules_.allows(e.address(), e.port()) ||
               std::any_of(names.begin(), names.end(), [&](const auto& n) {
                   return rules_.allows(n, e.port());
               });
    }

    void connect_stream(const seccomp_notif& call, int theirs,
                        const socket_kind& kind, const std::string& bytes) {
        const auto to = internet_address(bytes);
        // AF_UNSPEC among them, which would disconnect.
        if (!to) return calls_->answer(call, EAFNOSUPPORT);
        static const std::set<std::string> none;
        const auto& names = names_ ? names_->names_of(to->address()) : none;
        if (!allows(*to, names)) {
            auto value = text_of(*to);
            if (!names.empty())
                (value = *names.begin())
                    .append(1, ':')
                    .append(std::to_string(to->port()));
            return refuse(call, text_of(*to), std::move(value));
        }
        auto ours = socket_like(theirs, kind);
        if (!ours) return calls_->answer(call, errno);
        const int r = ::connect(ours.get(), to->data(),
                                static_cast<socklen_t>(to->size()));
        const int error = r == -1 ? errno : 0;
        const auto c = made(call, kind, std::move(ours));
        if (error != EINPROGRESS) return finish(c, error);
        c->socket.async_wait(wait::wait_write, [self = shared_from_this(),
                                                c](const error_code& ec) {
            if (ec) return;
            int error = 0;
            socklen_t size = sizeof(error);
            ::getsockopt(c->socket.native_handle(), SOL_SOCKET, SO_ERROR,
                         &error, &size);
            self->finish(c, error);
        });
        look_again(c, [](watch& w, const connection& c) {
            if (c->kind.non_blocking && c->waited >= patience)
                w.finish(c, ETIMEDOUT);
        });
    }

    void connect_to_service(const seccomp_notif& call, int theirs,
                            const socket_kind& kind, const std::string& bytes) {
        const auto path = unix_path(bytes);
        if (!path) return refuse_other(call, bytes);
        auto ours = socket_like(theirs, kind);
        if (!ours) return calls_->answer(call, errno);
        const auto c = made(call, kind, std::move(ours));
        attempt(c, *path);
        look_again(c, [path = *path](watch& w, const connection& c) {
            w.attempt(c, path);
        });
    }

    void attempt(const connection& c, const std::string& path) {
        const int error = connect_to_path(
            c->socket.native_handle(), static_cast<pid_t>(c->call.pid), path,
            [&](const std::string& real) {
                if (rules_.allows_path(real)) return true;
                log_->add(
                    {refused_operation::connect, real, "network.allow", real});
                return false;
            });
        // Its listener may have no room yet.
        if (error != EAGAIN || c->kind.non_blocking || c->waited >= patience)
            finish(c, error);
    }

    connection made(const seccomp_notif& call, const socket_kind& kind,
                    unique_descriptor ours) {
        auto c = std::make_shared<connecting>(io_, call);
        c->kind = kind;
        c->socket.assign(ours.get());
        static_cast<void>(ours.release());
        ++connections_;
        return c;
    }

    /// Each second until it is over; who does not wait any more is let go.
    template <class F> void look_again(const connection& c, F then) {
        if (c->over) return;
        c->timer.expires_after(glance);
        c->timer.async_wait(
            [self = shared_from_this(), c, then](const error_code& ec) {
                if (ec || c->over) return;
                ++c->waited;
                if (!self->calls_ || !self->calls_->is_waiting(c->call))
                    return self->finish(c, ECANCELED);
                then(*self, c);
                self->look_again(c, then);
            });
    }

    void finish(const connection& c, int error) {
        if (c->over) return;
        c->over = true;
        --connections_;
        c->timer.cancel();
        const int fd = c->socket.native_handle();
        if (calls_) {
            const auto number = static_cast<int>(c->call.data.args[0]);
            if (error == 0 && !c->kind.non_blocking)
                ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) & ~O_NONBLOCK);
            if (error == 0 &&
                !calls_->replace(
                    c->call, number, fd,
                    closes_on_exec(static_cast<pid_t>(c->call.pid), number)))
                error = errno;
            calls_->answer(c->call, error);
        }
        error_code ignored;
        c->socket.close(ignored);
        listen();
    }

    /// Connections that are being made; calls that come beyond them wait.
    static constexpr unsigned most_connections = 64;

    asio::io_context& io_;
    asio::posix::stream_descriptor init_, listener_;
    const egress_rules rules_;
    const std::shared_ptr<refusal_log> log_;
    const bool answers_connect_;
    std::optional<file_explainer> files_;
    std::shared_ptr<name_service> names_;
    std::optional<notifications> calls_;
    bool listening_ = false;
    unsigned connections_ = 0;
};

watched_guest::watched_guest(unique_descriptor init, egress_rules rules,
                             const confinement& within)
    : log_{std::make_shared<refusal_log>()}, watch_{std::make_shared<watch>(
                                                 std::move(init),
                                                 std::move(rules), within,
                                                 log_)} {
    watch_->start();
}

watched_guest::~watched_guest() {
    if (watch_) watch_->stop();
}

} // namespace emilua::sandbox
