// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/actor/remote.hpp"

#include "core/perform.hpp"
#include "modules/actor/actor.hpp"
#include "modules/actor/remote_message.hpp"

#include <boost/asio/error.hpp>

#include <csignal>

#include <fcntl.h>
#include <sys/socket.h>

namespace emilua::actor {
namespace {

// --- receiving --------------------------------------------------------------

struct receive_attempt {
    sandbox::message content;
    sandbox::reading what = sandbox::reading::would_block;

    attempt operator()(int fd, error_code&) {
        what = sandbox::read_message(fd, content);
        return what == sandbox::reading::would_block ? attempt::would_block
                                                     : attempt::done;
    }
};

class source final : public message_source,
                     public std::enable_shared_from_this<source> {
public:
    source(unique_descriptor socket, std::weak_ptr<mailbox> to)
        : socket_{std::move(socket)}, to_{std::move(to)} {}

    void open(vm& owner) override {
        auto io = std::make_unique<io_descriptor>(owner.io());
        io->open(std::move(socket_));
        io_ = std::move(io);
    }
    void read() override {
        if (!io_ || reading_.exchange(true)) return;
        io_->start(io_direction::read, first_step::attempt, receive_attempt{},
                   [self = shared_from_this()](const error_code& ec,
                                               receive_attempt& a) {
                       self->received(ec, a);
                   });
    }
    void close() noexcept override {
        if (io_) io_->close();
        socket_.reset();
    }

private:
    // On any thread of the context.
    void received(const error_code& ec, receive_attempt& a) {
        const auto box = to_.lock();
        if (ec || !box) return;
        // Nothing is read once more from one that has ended.
        if (a.what != sandbox::reading::message) return box->drop(*this);
        reading_ = false;
        box->send(to_value(std::move(a.content)));
    }

    unique_descriptor socket_;
    const std::weak_ptr<mailbox> to_;
    std::unique_ptr<io_descriptor> io_;
    std::atomic<bool> reading_ = false;
};

// --- sending ----------------------------------------------------------------

error_code send_error(const error_code& ec) noexcept {
    switch (ec.value()) {
    case EPIPE:
    case ECONNRESET:
    case ECONNREFUSED:
    case ENOTCONN:
        return errc::channel_closed;
    default:
        return ec;
    }
}

struct send_attempt {
    outgoing content;
    remote_channel::address to;

    attempt operator()(int, error_code& ec) {
        ec = sandbox::write_message(to->get(), content.content);
        if (ec.value() == EAGAIN) {
            ec = {};
            return attempt::would_block;
        }
        if (ec) ec = send_error(ec);
        return attempt::done;
    }
};

struct end_attempt {
    std::shared_ptr<sandbox::child_actor> child;

    attempt operator()(int, error_code&) {
        return child->ended() ? attempt::done : attempt::would_block;
    }
};

/// In the reactor, without taking it from whoever else has it.
std::unique_ptr<io_descriptor> watch(vm& owner, int fd) {
    unique_descriptor copy{::fcntl(fd, F_DUPFD_CLOEXEC, 0)};
    if (!copy) throw_errno("fcntl");
    auto io = std::make_unique<io_descriptor>(owner.io());
    io->open(std::move(copy), true);
    return io;
}

std::uint64_t cookie_of(int fd) noexcept {
    std::uint64_t c = 0;
    socklen_t size = sizeof(c);
    ::getsockopt(fd, SOL_SOCKET, SO_COOKIE, &c, &size);
    return c;
}

} // namespace

std::shared_ptr<message_source>
make_source(unique_descriptor socket, const std::shared_ptr<mailbox>& to) {
    return std::make_shared<source>(std::move(socket), to);
}

void listen_on(vm& owner, unique_descriptor socket) {
    // It is nobody's below this one.
    ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC);
    const auto box = owner.inbox();
    box->attach(make_source(std::move(socket), box));
}

void remote_channel::send(value message, handler<> h) {
    if (!to_) throw failure{make_error_code(errc::channel_closed)};
    send_attempt a{to_outgoing(message), to_};
    // Those that wait come first.
    if (!waiting_ || waiting_->pending(io_direction::write) == 0) {
        error_code ec;
        if (a(to_->get(), ec) == attempt::done) {
            if (ec) throw failure{ec, "sendmsg"};
            return h.may_complete_inline() ? h(error_code{})
                                           : h.complete_later(error_code{});
        }
    }
    if (!waiting_) waiting_ = watch(*owner_, to_->get());
    waiting_->start(
        io_direction::write, first_step::attempt, std::move(a),
        named_completion{std::move(h), "sendmsg",
                         [](handler<>& h, send_attempt&) { h(error_code{}); }});
}

void remote_channel::close() noexcept {
    to_.reset();
    if (waiting_) waiting_->close();
}

sandbox::child_actor& remote_channel::child() const {
    if (!child_)
        throw failure{error_code{ECHILD, boost::system::system_category()}};
    return *child_;
}

void remote_channel::detach() { child().detach(); }

void remote_channel::kill(std::optional<ranged<0, 64>> signo) {
    const int number = signo ? static_cast<int>(signo->value) : SIGKILL;
    child().kill(number);
    if (number == SIGKILL) close();
}

void remote_channel::closed(handler<std::string> h) {
    auto& c = child();
    if (c.ended()) return h(error_code{}, c.reason());
    if (!end_) end_ = watch(*owner_, c.status_fd());
    end_->start(io_direction::read, first_step::attempt, end_attempt{child_},
                named_completion{std::move(h), "read",
                                 [](handler<std::string>& h, end_attempt& a) {
                                     h(error_code{}, a.child->reason());
                                 }});
}

bool remote_channel::is_to_same(const remote_channel& o) const {
    if (!to_ || !o.to_) return to_ == o.to_;
    return to_ == o.to_ || cookie_of(to_->get()) == cookie_of(o.to_->get());
}

parcel remote_channel::pack() const {
    if (!to_) throw failure{make_error_code(errc::channel_closed)};
    return {.shared = std::const_pointer_cast<unique_descriptor>(to_)};
}

} // namespace emilua::actor
