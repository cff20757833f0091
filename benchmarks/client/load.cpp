// SPDX-License-Identifier: MIT OR BSL-1.0
#include "load.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace emilua::benchmark {

namespace {

constexpr int stall_milliseconds = 10'000;
// Of a server whose instructions are counted: it takes fifty times as long, and more where others are at work.
constexpr int counted_stall_milliseconds = 180'000;

bool would_block()
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOTCONN;
}

} // namespace

load::load(transport over, std::uint32_t place, std::size_t bytes)
    : epoll_{::epoll_create1(EPOLL_CLOEXEC)}
    , passed_{::open("/dev/null", O_RDONLY | O_CLOEXEC)}
    , over_{over}
    , place_{place}
    , bytes_{bytes}
    , outgoing_(bytes / sizeof(std::uint64_t))
    , incoming_(bytes / sizeof(std::uint64_t))
{
    if (epoll_.get() == -1)
        throw_errno("epoll_create1");
    if (passed_.get() == -1)
        throw_errno("open");
    if (bytes == 0 || bytes % sizeof(std::uint64_t) != 0)
        throw std::invalid_argument{"the size of a request must be a multiple of 8 bytes"};
}

void load::connect(std::size_t count, kind requests)
{
    first_of_newest_ = next_id_;
    first_answers_ = 0;

    for (std::size_t i = 0; i < count; ++i) {
        auto c = std::make_unique<connection>();
        c->id = next_id_++;
        c->requests = requests;
        c->socket = open_socket();
        connect_socket(c->socket.get());
        epoll_event event{};
        event.events = EPOLLIN | EPOLLOUT;
        event.data.ptr = c.get();
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, c->socket.get(), &event) == -1)
            throw_errno("epoll_ctl");
        c->sent = steady::now();
        connections_.push_back(std::move(c));
    }
}

file_descriptor load::open_socket() const
{
    const int family = over_ == transport::tcp || over_ == transport::udp ? AF_INET : AF_UNIX;
    const int type = over_ == transport::datagram || over_ == transport::udp ? SOCK_DGRAM : SOCK_STREAM;
    file_descriptor fd{::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (fd.get() == -1)
        throw_errno("socket");
    const int on = 1;
    if (over_ == transport::tcp && ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == -1)
        throw_errno("setsockopt");
    return fd;
}

void load::connect_socket(int fd) const
{
    if (over_ == transport::tcp || over_ == transport::udp) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(place_));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const auto* generic = reinterpret_cast<const sockaddr*>(&address);
        if (::connect(fd, generic, sizeof(address)) == -1 && errno != EINPROGRESS)
            throw_errno("connect");
        return;
    }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    // A name that the system chooses, to be answered under.
    if (over_ == transport::datagram && ::bind(fd, generic, sizeof(sa_family_t)) == -1)
        throw_errno("bind");
    const auto name = "emilua-benchmark-" + std::to_string(place_);
    name.copy(address.sun_path + 1, name.size());
    const auto size = offsetof(sockaddr_un, sun_path) + 1 + name.size();
    // Node's names go on with NUL to the end.
    if (::connect(fd, generic, static_cast<socklen_t>(size)) == -1 && ::connect(fd, generic, sizeof(address)) == -1)
        throw_errno("connect");
}

ssize_t load::send(int fd, const void* data, std::size_t size)
{
    if (over_ != transport::descriptors)
        return ::send(fd, data, size, MSG_NOSIGNAL);
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    iovec bytes{const_cast<void*>(data), size};
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    auto* header = CMSG_FIRSTHDR(&message);
    *header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
    const int passed = passed_.get();
    std::memcpy(CMSG_DATA(header), &passed, sizeof(passed));
    return ::sendmsg(fd, &message, MSG_NOSIGNAL);
}

ssize_t load::receive(int fd, void* data, std::size_t size)
{
    if (over_ != transport::descriptors)
        return ::recv(fd, data, size, 0);
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    iovec bytes{data, size};
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto n = ::recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    if (n <= 0)
        return n;
    const auto* header = CMSG_FIRSTHDR(&message);
    if (!header)
        throw std::runtime_error{"an answer without a descriptor"};
    int passed;
    std::memcpy(&passed, CMSG_DATA(header), sizeof(passed));
    file_descriptor{passed}.reset();
    return n;
}

void load::run_until(steady::time_point deadline, std::uint64_t requests)
{
    const auto end = requests == UINT64_MAX ? requests : latencies_.total() + requests;
    while (steady::now() < deadline && latencies_.total() < end)
        poll(requests == UINT64_MAX ? stall_milliseconds : counted_stall_milliseconds);
}

void load::make_busy(std::size_t count)
{
    for (auto i = connections_.size() - count; i < connections_.size(); ++i) {
        connections_[i]->requests = kind::busy;
        start_request(*connections_[i]);
    }
}

void load::run_at(double rate, steady::time_point deadline)
{
    const std::chrono::duration<double> between{1 / rate};
    const auto begin = steady::now();
    std::uint64_t sent = 0;
    const auto due = [&] {
        return begin + std::chrono::duration_cast<steady::duration>(static_cast<double>(sent) * between);
    };
    while (steady::now() < deadline) {
        for (; !free_.empty() && due() <= steady::now(); ++sent) {
            auto& c = *free_.front();
            free_.pop_front();
            start_request(c);
            c.sent = due();
        }
        // Whoever slept would be late.
        poll(0);
    }
}

void load::run_until_answered(std::size_t count)
{
    while (first_answers_ < count)
        poll(stall_milliseconds);
}

void load::disconnect(std::size_t count)
{
    connections_.resize(connections_.size() - count);
}

void load::poll(int milliseconds)
{
    std::array<epoll_event, 256> events;
    const int n = ::epoll_wait(epoll_.get(), events.data(), events.size(), milliseconds);
    if (n == -1) {
        if (errno == EINTR)
            return;
        throw_errno("epoll_wait");
    }
    if (n == 0 && milliseconds > 0)
        throw std::runtime_error{"no answer for " + std::to_string(milliseconds / 1000) + " s"};
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
        const auto n = send(c.socket.get(), data + c.written, bytes_ - c.written);
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
    const auto n = receive(c.socket.get(), data + before, bytes_ - before);
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
    else if (c.requests == kind::paced)
        free_.push_back(&c);
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
