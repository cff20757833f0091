// SPDX-License-Identifier: MIT OR BSL-1.0
// Closed-loop TLS clients on one epoll: each connection has one request under way, or one handshake after the other.
#include "../client/histogram.hpp"
#include "../client/process_cpu.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <memory>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace emilua::benchmark;
using steady = std::chrono::steady_clock;

constexpr const char* usage =
    "usage: tls_client echo|full|resumed --port N --server PID --connections N --bytes N --seconds S\n";

enum class mode { echo, full, resumed };

class client
{
public:
    client(int epoll, SSL_CTX* context, std::uint16_t port, std::size_t bytes, mode what)
        : epoll_{epoll}, context_{context}, port_{port}, out_(bytes, 'x'), in_(bytes), mode_{what}
    {
        connect();
    }
    ~client() { disconnect(); }
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    // What the event brought; answered counts requests, or handshakes with one request.
    void go(std::uint64_t& answered, histogram* latencies)
    {
        for (;;) {
            if (written_ < out_.size()) {
                const int n = SSL_write(ssl_, out_.data() + written_, static_cast<int>(out_.size() - written_));
                if (n <= 0)
                    return wait(n);
                written_ += static_cast<std::size_t>(n);
                continue;
            }
            const int n = SSL_read(ssl_, in_.data(), static_cast<int>(in_.size() - read_));
            if (n <= 0)
                return wait(n);
            read_ += static_cast<std::size_t>(n);
            if (read_ < in_.size())
                continue;
            ++answered;
            if (latencies)
                latencies->add(static_cast<std::uint64_t>(std::chrono::nanoseconds{steady::now() - sent_}.count()));
            if (mode_ != mode::echo) {
                if (mode_ == mode::resumed) {
                    if (session_ && !SSL_session_reused(ssl_))
                        throw std::runtime_error{"the session was not reused"};
                    SSL_SESSION_free(session_);
                    session_ = SSL_get1_session(ssl_);
                }
                disconnect();
                return connect();
            }
            begin();
        }
    }

private:
    void begin()
    {
        written_ = read_ = 0;
        sent_ = steady::now();
    }
    void connect()
    {
        begin();
        fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port_);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        // On one machine it does not wait.
        if (fd_ == -1 || ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == -1)
            throw std::runtime_error{std::string{"connect: "} + std::strerror(errno)};
        const int on = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        ::fcntl(fd_, F_SETFL, O_NONBLOCK);
        ssl_ = SSL_new(context_);
        SSL_set_fd(ssl_, fd_);
        SSL_set_connect_state(ssl_);
        if (session_)
            SSL_set_session(ssl_, session_);
        events_ = EPOLLOUT;
        epoll_event event{.events = events_, .data = {.ptr = this}};
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd_, &event);
    }
    void disconnect()
    {
        SSL_shutdown(ssl_);
        SSL_free(ssl_);
        // A reset leaves no connection behind that waits: there would soon be no port.
        const linger off{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &off, sizeof(off));
        ::close(fd_);
    }
    void wait(int result)
    {
        const int why = SSL_get_error(ssl_, result);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
            ERR_print_errors_fp(stderr);
            throw std::runtime_error{"the server ended a connection"};
        }
        const std::uint32_t wanted = why == SSL_ERROR_WANT_READ ? EPOLLIN : EPOLLOUT;
        if (wanted == events_)
            return;
        events_ = wanted;
        epoll_event event{.events = events_, .data = {.ptr = this}};
        ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd_, &event);
    }

    int epoll_;
    SSL_CTX* context_;
    std::uint16_t port_;
    std::vector<char> out_, in_;
    mode mode_;
    int fd_ = -1;
    SSL* ssl_ = nullptr;
    SSL_SESSION* session_ = nullptr;
    std::size_t written_ = 0, read_ = 0;
    std::uint32_t events_ = 0;
    steady::time_point sent_;
};

void measure(mode what, std::map<std::string, std::string> given)
{
    const auto number = [&](const char* name) { return std::stod(given.at(name)); };
    const auto server = static_cast<pid_t>(number("--server"));
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_read_ahead(context, 1);
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<std::unique_ptr<client>> clients;
    for (int i = 0; i < static_cast<int>(number("--connections")); ++i)
        clients.push_back(std::make_unique<client>(epoll, context, static_cast<std::uint16_t>(number("--port")),
            static_cast<std::size_t>(number("--bytes")), what));

    std::uint64_t answered = 0;
    histogram latencies;
    const auto run = [&](std::chrono::nanoseconds window, histogram* into) {
        const auto end = steady::now() + window;
        while (steady::now() < end) {
            epoll_event events[256];
            const int n = ::epoll_wait(epoll, events, 256, 100);
            for (int i = 0; i < n; ++i)
                static_cast<client*>(events[i].data.ptr)->go(answered, into);
        }
    };
    const auto window = std::chrono::nanoseconds{static_cast<std::int64_t>(number("--seconds") * 1e9)};
    do
        run(window / 4, nullptr);
    while (answered < clients.size());
    answered = 0;
    const auto cpu = process_cpu(server);
    const auto begin = steady::now();
    // A short window beside much else may be over before anything was answered.
    do
        run(window, &latencies);
    while (answered == 0);
    const std::chrono::duration<double> elapsed = steady::now() - begin;
    const auto used = process_cpu(server) - cpu;
    std::printf("cpu %.4f us\n", used / static_cast<double>(answered) / 1000);
    std::printf("rate %.0f /s\n", static_cast<double>(answered) / elapsed.count());
    std::printf("p50 %.1f us\n", latencies.quantile(0.5));
    std::printf("p99 %.1f us\n", latencies.quantile(0.99));
}

} // namespace

int main(int argc, char** argv)
{
    const std::map<std::string, mode> modes{{"echo", mode::echo}, {"full", mode::full}, {"resumed", mode::resumed}};
    const auto what = modes.find(argc > 1 ? argv[1] : "");
    if (what == modes.end() || argc % 2 != 0) {
        std::fputs(usage, stderr);
        return 2;
    }
    std::map<std::string, std::string> given;
    for (int i = 2; i < argc; i += 2)
        given[argv[i]] = argv[i + 1];
    try {
        measure(what->second, std::move(given));
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "tls_client: %s\n", e.what());
        return 1;
    }
}
