// SPDX-License-Identifier: MIT OR BSL-1.0
#include "load.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace emilua::benchmark {

namespace {

constexpr int stall_milliseconds = 10'000;

bool would_block()
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOTCONN;
}

} // namespace

load::load(std::uint16_t port, std::size_t bytes)
    : epoll_{::epoll_create1(EPOLL_CLOEXEC)}
    , port_{port}
    , bytes_{bytes}
    , outgoing_(bytes / sizeof(std::uint64_t))
    , incoming_(bytes / sizeof(std::uint64_t))
{
    if (epoll_.get() == -1)
        throw_errno("epoll_create1");
    if (bytes == 0 || bytes % sizeof(std::uint64_t) != 0)
        throw std::invalid_argument{"the size of a request must be a multiple of 8 bytes"};
}

void load::connect(std::size_t count, kind requests)
{
    first_of_newest_ = next_id_;
    first_answers_ = 0;

    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    for (std::size_t i = 0; i < count; ++i) {
        auto c = std::make_unique<connection>();
        c->id = next_id_++;
        c->requests = requests;
        c->socket = file_descriptor{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
        if (c->socket.get() == -1)
            throw_errno("socket");
        const int on = 1;
        if (::setsockopt(c->socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == -1)
            throw_errno("setsockopt");
        const auto* generic = reinterpret_cast<const sockaddr*>(&address);
        if (::connect(c->socket.get(), generic, sizeof(address)) == -1 && errno != EINPROGRESS)
            throw_errno("connect");
        epoll_event event{};
        event.events = EPOLLIN | EPOLLOUT;
        event.data.ptr = c.get();
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, c->socket.get(), &event) == -1)
            throw_errno("epoll_ctl");
        c->sent = steady::now();
        connections_.push_back(std::move(c));
    }
}

void load::run_until(steady::time_point deadline, std::uint64_t requests)
{
    const auto end = requests == UINT64_MAX ? requests : latencies_.total() + requests;
    while (steady::now() < deadline && latencies_.total() < end)
        poll();
}

void load::run_until_answered(std::size_t count)
{
    while (first_answers_ < count)
        poll();
}

void load::disconnect(std::size_t count)
{
    connections_.resize(connections_.size() - count);
}

void load::poll()
{
    std::array<epoll_event, 256> events;
    const int n = ::epoll_wait(epoll_.get(), events.data(), events.size(), stall_milliseconds);
    if (n == -1) {
        if (errno == EINTR)
            return;
        throw_errno("epoll_wait");
    }
    if (n == 0)
        throw std::runtime_error{"no answer for " + std::to_string(stall_milliseconds / 1000) + " s"};
    for (int i = 0; i < n; ++i) {
        auto& c = *static_cast<connection*>(events[static_cast<std::size_t>(i)].data.ptr);
        const auto happened = events[static_cast<std::size_t>(i)].events;
        if (happened & (EPOLLOUT | EPOLLERR))
            write(c);
        if (happened & EPOLLIN)
            read(c);
    }
}

// Unlike for every request of every connection, so that an answer to another one is noticed.
std::uint64_t load::tag(const connection& c) const
{
    return (std::uint64_t{c.id} << 40) | c.sequence;
}

void load::start_request(connection& c)
{
    ++c.sequence;
    c.written = 0;
    c.received = 0;
    c.sent = steady::now();
    write(c);
}

void load::write(connection& c)
{
    // One buffer serves all connections: only the first and the last word differ.
    outgoing_.front() = outgoing_.back() = tag(c);
    const auto* data = reinterpret_cast<const char*>(outgoing_.data());
    while (c.written < bytes_) {
        const auto n = ::send(c.socket.get(), data + c.written, bytes_ - c.written, MSG_NOSIGNAL);
        if (n == -1) {
            if (!would_block())
                throw_errno("send");
            watch_output(c, true);
            return;
        }
        c.written += static_cast<std::size_t>(n);
    }
    watch_output(c, false);
}

void load::read(connection& c)
{
    auto* data = reinterpret_cast<char*>(incoming_.data());
    // A partial answer's first bytes are overwritten by other connections' answers, so what is
    // checked is the word at its end, and the one at its start if it came in one piece.
    const auto before = c.received;
    const auto n = ::recv(c.socket.get(), data + before, bytes_ - before, 0);
    if (n == -1) {
        if (would_block())
            return;
        throw_errno("recv");
    }
    if (n == 0)
        throw std::runtime_error{"the server closed a connection"};
    c.received += static_cast<std::size_t>(n);
    if (c.received < bytes_)
        return;

    const auto now = steady::now();
    const bool whole = before == 0;
    const bool last_word_whole = static_cast<std::size_t>(n) >= sizeof(std::uint64_t);
    if ((whole && incoming_.front() != tag(c)) || (last_word_whole && incoming_.back() != tag(c)))
        throw std::runtime_error{"an answer does not match its request"};

    latencies_.add(static_cast<std::uint64_t>((now - c.sent) / std::chrono::nanoseconds{1}));
    if (c.sequence == 0 && c.id >= first_of_newest_)
        ++first_answers_;
    if (c.requests == kind::busy)
        start_request(c);
}

void load::watch_output(connection& c, bool on)
{
    if (c.waits_for_output == on)
        return;
    epoll_event event{};
    event.events = on ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.ptr = &c;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, c.socket.get(), &event) == -1)
        throw_errno("epoll_ctl");
    c.waits_for_output = on;
}

} // namespace emilua::benchmark
