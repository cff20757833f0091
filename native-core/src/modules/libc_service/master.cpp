// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/libc_service/ends.hpp"

#include "core/perform.hpp"

#include <boost/asio/error.hpp>

#include <sys/socket.h>

namespace emilua::libc_service {

namespace {

bool is_answer_socket(int fd) noexcept {
    int domain = 0, type = 0;
    socklen_t size = sizeof(int);
    return ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
           domain == AF_UNIX &&
           ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
           type == SOCK_SEQPACKET;
}

/// Receives one request, of whoever has the other end.
struct receive_attempt {
    asked next;

    attempt operator()(int fd, error_code& ec) {
        // Where to answer, and what the call is about. Of more, the kernel
        // says that they were cut off, and closes them.
        alignas(cmsghdr) char control[CMSG_SPACE(2 * sizeof(int))];
        iovec v{next.what.get(), sizeof(request)};
        msghdr m{};
        m.msg_iov = &v;
        m.msg_iovlen = 1;
        m.msg_control = control;
        m.msg_controllen = sizeof(control);
        std::size_t received = 0;
        if (retry(received, ec, [&] {
                return ::recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
            }) == attempt::would_block)
            return attempt::would_block;
        // It comes of the filters, which nobody took out of the socket.
        if (ec == boost::system::errc::connection_reset)
            ec = boost::asio::error::eof;
        if (!ec) take(m, received, ec);
        return attempt::done;
    }

private:
    void take(const msghdr& m, std::size_t received, error_code& ec) {
        const unix::descriptors_in came{m};
        std::vector<unique_descriptor> all;
        for (int fd : came.rights) all.emplace_back(fd);
        for (int fd : came.others) unique_descriptor{fd};
        if (received == 0) {
            ec = boost::asio::error::eof;
        } else if (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ||
                   !is_valid(*next.what, received) || all.empty() ||
                   !is_answer_socket(all.front().get())) {
            ec.assign(EBADMSG, boost::system::system_category());
        } else {
            next.answer = std::move(all.front());
            for (std::size_t i = 1; i < all.size(); ++i)
                next.descriptors.emplace_back(std::move(all[i]));
        }
    }
};

} // namespace

master::master(vm& owner, unique_descriptor fd) : descriptor_object{owner} {
    io_.open(std::move(fd), true);
}

void master::receive(handler<> h) {
    // What was not answered fails, now that nobody will.
    current_ = {};
    perform(io_, io_direction::read, at_once::in_budget,
            receive_attempt{{std::make_unique<request>(), {}, {}}},
            std::move(h), "recvmsg", [this](auto& handler, receive_attempt& a) {
                current_ = std::move(a.next);
                handler({});
            });
}

void master::close() {
    descriptor_object::close();
    current_ = {};
}

const request& master::current() const {
    if (current_.what) return *current_.what;
    failure f{error_code{EINVAL, boost::system::system_category()}};
    f.expected = "a call that was received";
    throw f;
}

const asked& master::unanswered() const {
    current();
    if (current_.answer) return current_;
    failure f{error_code{EINVAL, boost::system::system_category()}};
    f.expected = "a call that was not answered yet";
    throw f;
}

void master::answer(const reply& r, std::span<const int> fds) {
    iovec v{const_cast<reply*>(&r), sizeof(r)};
    alignas(cmsghdr)
        std::array<char, CMSG_SPACE(unix::most_descriptors * sizeof(int))>
            control{};
    msghdr m{};
    m.msg_iov = &v;
    m.msg_iovlen = 1;
    if (!fds.empty()) {
        m.msg_control = control.data();
        m.msg_controllen = CMSG_SPACE(fds.size_bytes());
        auto* const c = CMSG_FIRSTHDR(&m);
        *c = {CMSG_LEN(fds.size_bytes()), SOL_SOCKET, SCM_RIGHTS};
        std::memcpy(CMSG_DATA(c), fds.data(), fds.size_bytes());
    }
    std::size_t sent = 0;
    error_code ec;
    // Whoever asks has room for one answer, or does not mean to get it.
    const auto a = retry(sent, ec, [&] {
        return ::sendmsg(current_.answer.get(), &m,
                         MSG_DONTWAIT | MSG_NOSIGNAL);
    });
    const bool is_gone = a == attempt::would_block || ec.value() == EPIPE ||
                         ec.value() == ECONNRESET || ec.value() == ENOTCONN ||
                         ec.value() == ECONNREFUSED;
    if (!is_gone) throw_if(ec, "sendmsg");
    current_.answer = {};
}

void master::send(const result& r, const std::optional<error_number>& error) {
    unanswered();
    answer(answer_to(current().what, r, error), {});
}

void master::send_with_fds(const result& r, unix::lent_descriptors fds,
                           const std::optional<error_number>& error) {
    unanswered();
    if (fds.all.size() > unix::most_descriptors)
        throw_invalid_argument("fds", "at most 253 descriptors");
    std::vector<int> numbers;
    for (const auto& fd : fds.all) numbers.push_back(fd->get());
    answer(answer_to(current().what, r, error), numbers);
}

void master::use_slave_credentials() {
    unanswered();
    reply r;
    r.kind = reply_kind::own_credentials;
    answer(r, {});
}

std::vector<lua_argument> master::lua_arguments() const {
    return arguments_of(current());
}

std::vector<typescript_argument> master::typescript_arguments() const {
    std::vector<typescript_argument> r;
    for (auto& a : lua_arguments())
        r.push_back(std::visit(
            []<class T>(const T& x) -> typescript_argument {
                if constexpr (std::is_same_v<T, filesystem::path>)
                    return x.to_string();
                else
                    return x;
            },
            a));
    return r;
}

std::vector<file_descriptor> master::descriptors() {
    return std::exchange(current_.descriptors, {});
}

std::optional<function> master::name() const noexcept {
    if (!current_.what) return std::nullopt;
    return current_.what->what;
}

} // namespace emilua::libc_service
