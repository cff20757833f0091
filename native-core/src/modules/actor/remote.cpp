// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/actor/remote.hpp"

#include "core/lookout.hpp"
#include "core/perform.hpp"
#include "modules/actor/actor.hpp"
#include "modules/actor/question.hpp"
#include "modules/actor/remote_message.hpp"
#include "sandbox/part.hpp"

#include <boost/asio/error.hpp>

#include <csignal>

#include <fcntl.h>
#include <sys/socket.h>

namespace emilua::actor {
namespace {

// --- receiving --------------------------------------------------------------

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

} // namespace

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

namespace {

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
        listener_ = dynamic_cast<listening_context*>(&owner.context());
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
        if (listener_) listener_->message_came();
        box->send(to_value(std::move(a.content)));
    }

    unique_descriptor socket_;
    const std::weak_ptr<mailbox> to_;
    std::unique_ptr<io_descriptor> io_;
    listening_context* listener_ = nullptr;
    std::atomic<bool> reading_ = false;
};

// --- sending ----------------------------------------------------------------

struct end_attempt {
    std::shared_ptr<sandbox::child_actor> child;

    attempt operator()(int, error_code&) {
        return child->look() ? attempt::done : attempt::would_block;
    }
};

/// Once nobody is at the other end: because of the actor's end, or of what it
/// `did`.
failure gone(const std::shared_ptr<sandbox::child_actor>& child,
             const char* did = " has closed its inbox") {
    if (!child) return channel_closed("nobody is at its other end");
    const auto how = child->reason();
    return how.empty() ? channel_closed(child->who() + did)
                       : closed_by_end(child->who(), how);
}

failure send_failure(const error_code& ec,
                     const std::shared_ptr<sandbox::child_actor>& child) {
    return ec == errc::channel_closed ? gone(child) : failure{ec, "sendmsg"};
}

struct sending {
    using allocator_type = handler<>::allocator_type;

    handler<> h;
    std::shared_ptr<sandbox::child_actor> child;

    allocator_type get_allocator() const noexcept { return h.get_allocator(); }
    operation& op() const noexcept { return h.op(); }
    void operator()(const error_code& ec, send_attempt&) {
        if (ec)
            h.fail(send_failure(ec, child));
        else
            h(error_code{});
    }
};

struct asking_there final : asking {
    asking_there(handler<value> h, std::shared_ptr<sandbox::child_actor> child)
        : asking{std::move(h)}, answers{io}, child{std::move(child)} {}
    void give_up() noexcept override { answers.close(); }

    /// The end of the wait, by a result or by a failure.
    void answered(const std::shared_ptr<asking>& self, value v) {
        give_up();
        stop_clock(self);
        if (auto p = take()) p->complete.complete_later({}, std::move(v));
    }
    void failed(const std::shared_ptr<asking>& self, failure f) {
        give_up();
        stop_clock(self);
        if (auto p = take())
            p->complete.continue_later(
                [f = std::move(f)](handler<value>& h) { h.fail(f); });
    }

    io_descriptor answers;
    const std::shared_ptr<sandbox::child_actor> child;
};

/// The right to send of something that is no actor.
struct expected_sender : actor_address {
    explicit expected_sender(std::shared_ptr<mailbox> to)
        : actor_address{std::move(to)} {
        box()->expect(1);
    }
    ~expected_sender() { box()->expect(-1); }
    expected_sender(const expected_sender&) = delete;
    expected_sender& operator=(const expected_sender&) = delete;
};

/// In the reactor, without taking it from whoever else has it.
std::unique_ptr<io_descriptor> in_reactor(vm& owner, int fd) {
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

const remote_channel::address& remote_channel::open_end() const {
    if (to_) return to_;
    if (killed_) throw channel_closed(child_->who() + " was killed");
    throw channel_closed("this channel was closed");
}

bool remote_channel::try_to_send(send_attempt& a) {
    // Those that wait come first.
    if (waiting_ && waiting_->pending(io_direction::write) != 0) return false;
    error_code ec;
    if (a(to_->get(), ec) != attempt::done) return false;
    if (ec) throw send_failure(ec, child_);
    return true;
}

template <class Handler>
void remote_channel::wait_to_send(send_attempt a, Handler h) {
    if (!waiting_) waiting_ = in_reactor(*owner_, to_->get());
    waiting_->start(io_direction::write, first_step::attempt, std::move(a),
                    std::move(h));
}

void remote_channel::send(value message, handler<> h) {
    send_attempt a{{}, open_end()};
    a.content = to_outgoing(message);
    if (!try_to_send(a))
        return wait_to_send(std::move(a), sending{std::move(h), child_});
    return h.may_complete_inline() ? h(error_code{})
                                   : h.complete_later(error_code{});
}

void remote_channel::call(value message, double seconds, handler<value> h) {
    check_question(message, seconds);
    const auto& to = open_end();
    sandbox::socket_pair ends;
    auto its = std::make_shared<unique_descriptor>(std::move(ends.theirs));
    // One way only.
    ::shutdown(its->get(), SHUT_RD);
    value reply =
        boxed{&class_of<remote_channel>(),
              std::make_shared<parcel>(parcel{.shared = std::move(its)})};
    send_attempt s{to_outgoing(question(std::move(message), std::move(reply))),
                   to};
    const bool sent = try_to_send(s);
    auto slot = h.get_cancellation_slot();
    const auto a = std::make_shared<asking_there>(std::move(h), child_);
    a->answers.open(std::move(ends.ours));
    slot.assign([a](auto) { asking::cancel(a); });
    asking::limit(a, seconds, child_ ? child_->who() : "an actor");
    if (!sent)
        wait_to_send(std::move(s), [a](const error_code& ec, send_attempt&) {
            if (ec) a->failed(a, send_failure(ec, a->child));
        });
    // Our copy of its end would keep the way of the answer open.
    s = {};
    a->answers.start(
        io_direction::read, first_step::attempt, receive_attempt{},
        [a](const error_code& ec, receive_attempt& r) {
            if (ec) return;
            if (r.what == sandbox::reading::message)
                a->answered(a, to_value(std::move(r.content)));
            else
                a->failed(a, gone(a->child, " has dropped the question"));
        });
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
    child().kill(number, !signo);
    killed_ = killed_ || !signo;
    if (number == SIGKILL) close();
}

void remote_channel::closed(handler<std::string> h) {
    child().see();
    ended(std::move(h));
}

void remote_channel::ended(handler<std::string> h) {
    auto& c = child();
    if (c.look()) return h(error_code{}, c.reason());
    if (!end_) end_ = in_reactor(*owner_, c.status_fd());
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

void remote_channel::watch(vm& v, value tag) {
    auto& c = child();
    c.see();
    // The program does not end because nobody else could send to it.
    auto tell = [to = std::make_shared<expected_sender>(v.inbox()),
                 tag = std::move(tag)](const std::string& reason) mutable {
        to->box()->send(
            value::record{{"ended", std::move(tag)}, {"reason", reason}});
    };
    if (c.look()) return tell(c.reason());
    // Not the channel's, which may be gone before.
    auto io = c.watch();
    if (!io) {
        io = in_reactor(v, c.status_fd());
        c.watch_by(io);
    }
    io->start(io_direction::read, first_step::attempt, end_attempt{child_},
              [io, tell = std::move(tell)](const error_code& ec,
                                           end_attempt& a) mutable {
                  if (!ec) tell(a.child->reason());
              });
}

std::string remote_channel::shown() const {
    if (!child_) return "channel to an actor of another process";
    return "channel to " + child_->who();
}

parcel remote_channel::pack() const {
    return {.shared = std::const_pointer_cast<unique_descriptor>(open_end())};
}

} // namespace emilua::actor
