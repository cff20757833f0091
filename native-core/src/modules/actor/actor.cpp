// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/actor/actor.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <mutex>

namespace emilua::actor {
namespace {

// Shared by the operation and who ends it, on any thread, and maybe after the
// program that waits: an actor that is watched, or asked. Whoever takes the
// handler completes it.
template <class R> class outside_wait {
public:
    struct pending {
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
            busy;
        handler<R> complete;
    };

    explicit outside_wait(handler<R> h)
        : pending_{
              {boost::asio::make_work_guard(h.owner().io()), std::move(h)}} {}

    std::optional<pending> take() {
        const std::lock_guard lock{mutex_};
        return std::exchange(pending_, std::nullopt);
    }

protected:
    boost::asio::io_context& context() {
        return pending_->complete.owner().io();
    }

private:
    std::mutex mutex_;
    std::optional<pending> pending_;
};

using watching = outside_wait<std::string>;

struct asking : outside_wait<value> {
    explicit asking(handler<value> h)
        : outside_wait{std::move(h)}, io{this->context()}, deadline{io} {}

    boost::asio::io_context& io;
    boost::asio::steady_timer deadline;
    std::shared_ptr<mailbox> answers;
};

// Above it, a duration is as good as none.
constexpr double longest = 1e9;

failure no_answer(double seconds) {
    std::array<char, 32> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), seconds).ptr;
    failure f{error_code{ETIMEDOUT, boost::system::system_category()}};
    f.expected = "an answer within " + std::string{text.data(), end} + " s";
    return f;
}

value answer_address(const std::shared_ptr<mailbox>& box) {
    auto to = std::make_shared<actor_address>(box);
    return boxed{&class_of<channel>(),
                 std::make_shared<parcel>(parcel{.shared = std::move(to)})};
}

} // namespace

void channel::send(value message) {
    if (!to_ || !to_->box()->send(std::move(message)))
        throw failure{make_error_code(errc::channel_closed)};
}

void channel::closed(handler<std::string> h) { wait(std::move(h), true); }

void channel::ended(handler<std::string> h) { wait(std::move(h), false); }

void channel::wait(handler<std::string> h, bool answers) {
    auto slot = h.get_cancellation_slot();
    auto w = std::make_shared<watching>(std::move(h));
    // Weak: what is dropped by the mailbox must not be kept by the operation
    // that waits for it.
    slot.assign([weak = std::weak_ptr{w}](auto) {
        const auto w = weak.lock();
        if (!w) return;
        if (auto p = w->take())
            p->complete(boost::asio::error::operation_aborted, {});
    });
    box_->watch(
        [w](const std::string& reason) {
            if (auto p = w->take()) p->complete.complete_later({}, reason);
        },
        answers);
}

void channel::watch(vm& v, value tag) {
    box_->watch([to = actor_address{v.inbox()},
                 tag = std::make_shared<value>(std::move(tag))](
                    const std::string& reason) {
        to.box()->send(
            value::record{{"ended", std::move(*tag)}, {"reason", reason}});
    });
}

void channel::call(value message, double seconds, handler<value> h) {
    auto* const record = message.as<value::record>();
    auto* const list = message.as<value::list>();
    if (!record && !(list && list->empty()))
        throw_invalid_argument("message", "named fields");
    if (!(seconds >= 0))
        throw_invalid_argument("seconds", "a duration that is not negative");
    if (!to_) throw failure{make_error_code(errc::channel_closed)};
    auto slot = h.get_cancellation_slot();
    const auto a = std::make_shared<asking>(std::move(h));
    // Timers are of one thread at a time.
    const auto stop_timer = [](const std::shared_ptr<asking>& a) {
        boost::asio::post(a->io, [a] { a->deadline.cancel(); });
    };
    a->answers = std::make_shared<mailbox>(mailbox::answer{
        [weak = std::weak_ptr{a}, stop_timer](std::optional<value> v) {
            const auto a = weak.lock();
            if (!a) return;
            auto p = a->take();
            if (!p) return;
            stop_timer(a);
            if (v)
                p->complete.complete_later({}, std::move(*v));
            else
                p->complete.fail_later(make_error_code(errc::channel_closed));
        }});
    slot.assign([a, stop_timer](auto) {
        a->answers->close();
        stop_timer(a);
        if (auto p = a->take())
            p->complete(boost::asio::error::operation_aborted, {});
    });
    if (seconds <= longest) {
        a->deadline.expires_after(
            std::chrono::duration_cast<std::chrono::nanoseconds>(
                std::chrono::duration<double>{seconds}));
        a->deadline.async_wait([a, seconds](const error_code& ec) {
            if (ec) return;
            a->answers->close();
            if (auto p = a->take())
                p->complete.continue_later([seconds](handler<value>& h) {
                    h.fail(no_answer(seconds));
                });
        });
    }
    value::record whole;
    if (record) whole = std::move(*record);
    std::erase_if(whole, [](const auto& f) { return f.first == "reply"; });
    whole.emplace_back("reply", answer_address(a->answers));
    if (!to_->box()->send(std::move(whole))) {
        a->answers->close();
        stop_timer(a);
        if (auto p = a->take())
            p->complete.fail_later(make_error_code(errc::channel_closed));
    }
}

} // namespace emilua::actor
