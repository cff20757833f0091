// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/actor/actor.hpp"

#include "modules/actor/question.hpp"

#include <boost/asio/error.hpp>

namespace emilua::actor {
namespace {

using watching = outside_wait<std::string>;

struct asking_here final : asking {
    using asking::asking;
    void give_up() noexcept override {
        answers->close();
        if (const auto q = std::exchange(waiting, nullptr)) asked->withdraw(*q);
    }

    std::shared_ptr<mailbox> answers, asked;
    /// The question, which may wait for room.
    std::shared_ptr<mailbox::waiting_message> waiting;
};

value answer_address(const std::shared_ptr<mailbox>& box) {
    auto to = std::make_shared<actor_address>(box);
    return boxed{&class_of<channel>(),
                 std::make_shared<parcel>(parcel{.shared = std::move(to)})};
}

/// A question that waits for room.
class waiting_question final : public mailbox::waiting_message {
public:
    waiting_question(value v, std::weak_ptr<asking_here> a)
        : waiting_message{std::move(v)}, asking_{std::move(a)} {}

    void settled(bool sent) noexcept override;

private:
    const std::weak_ptr<asking_here> asking_;
};

/// A send that waits for room.
class sending_here final : public outside_wait<>,
                           public mailbox::waiting_message {
public:
    sending_here(handler<> h, value v, std::shared_ptr<mailbox> to)
        : outside_wait{std::move(h)},
          waiting_message{std::move(v)}, to_{std::move(to)} {}

    void settled(bool sent) noexcept override {
        // Objects that were to go come back.
        content = {};
        auto p = take();
        if (!p) return;
        if (sent) return p->complete.complete_later({});
        p->complete.continue_later(
            [to = to_](handler<>& h) { h.fail(to->refusal()); });
    }
    void cancel() {
        if (!to_->withdraw(*this)) return;
        content = {};
        if (auto p = take()) p->complete(boost::asio::error::operation_aborted);
    }

private:
    const std::shared_ptr<mailbox> to_;
};

// On a later turn: by then it may be known how the actor has ended.
void fail_without_answer(handler<value>& h, std::shared_ptr<mailbox> asked) {
    h.continue_later([asked = std::move(asked)](handler<value>& h) {
        h.fail(asked->lost() ? asked->refusal()
                             : channel_closed(asked->who() +
                                              " has dropped the question"));
    });
}

void waiting_question::settled(bool sent) noexcept {
    const auto a = asking_.lock();
    if (sent || !a) return;
    asking::stop_clock(a);
    if (auto p = a->take()) fail_without_answer(p->complete, a->asked);
}

} // namespace

const class_description& class_of_address(const mailbox& box) noexcept {
    return box.waits() ? class_of<bounded_channel>() : class_of<channel>();
}

const std::shared_ptr<actor_address>& channel::open_end() const {
    if (!to_) throw channel_closed("this channel was closed");
    return to_;
}

void channel::send(value message) {
    const auto& box = open_end()->box();
    switch (box->try_send(message)) {
    case mailbox::sent::yes:
        return;
    case mailbox::sent::closed:
        throw box->refusal();
    case mailbox::sent::full:
        throw box->no_room();
    }
}

void bounded_channel::send(value message, handler<> h) {
    const auto& box = open_end()->box();
    switch (box->try_send(message)) {
    case mailbox::sent::yes:
        return h.may_complete_inline() ? h(error_code{})
                                       : h.complete_later(error_code{});
    case mailbox::sent::closed:
        throw box->refusal();
    case mailbox::sent::full:
        break;
    }
    auto slot = h.get_cancellation_slot();
    const auto s =
        std::make_shared<sending_here>(std::move(h), std::move(message), box);
    s->count();
    slot.assign([weak = std::weak_ptr{s}](auto) {
        if (const auto s = weak.lock()) s->cancel();
    });
    const auto sent = box->send_or_wait(s);
    if (sent != mailbox::sent::full) s->settled(sent == mailbox::sent::yes);
}

parcel channel::pack() const {
    return {.shared = std::make_shared<actor_address>(*open_end())};
}

std::string channel::shown() const { return "channel to " + box_->who(); }

void channel::closed(handler<std::string> h) { wait(std::move(h), true); }

void channel::ended(handler<std::string> h) { wait(std::move(h), false); }

void channel::wait(handler<std::string> h, bool answers) {
    auto slot = h.get_cancellation_slot();
    auto w = std::make_shared<watching>(std::move(h));
    w->count();
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
    check_question(message, seconds);
    const auto to = open_end();
    auto slot = h.get_cancellation_slot();
    const auto a = std::make_shared<asking_here>(std::move(h));
    a->answers = std::make_shared<mailbox>(mailbox::answer{
        [weak = std::weak_ptr{a}, box = to->box()](std::optional<value> v) {
            const auto a = weak.lock();
            if (!a) return;
            auto p = a->take();
            if (!p) return;
            asking::stop_clock(a);
            p->complete.owner().context().message_comes();
            if (v)
                p->complete.complete_later({}, std::move(*v));
            else
                fail_without_answer(p->complete, box);
        }});
    slot.assign([a](auto) { asking::cancel(a); });
    asking::limit(a, seconds, to->box()->who());
    a->asked = to->box();
    auto q = question(std::move(message), answer_address(a->answers));
    if (a->asked->waits()) {
        a->waiting = std::make_shared<waiting_question>(std::move(q), a);
        if (a->asked->send_or_wait(a->waiting) == mailbox::sent::closed)
            a->waiting->settled(false);
        return;
    }
    value whole = std::move(q);
    const auto sent = a->asked->try_send(whole);
    if (sent == mailbox::sent::yes) return;
    a->give_up();
    asking::stop_clock(a);
    auto p = a->take();
    if (!p) return;
    if (sent == mailbox::sent::closed)
        return fail_without_answer(p->complete, a->asked);
    p->complete.continue_later(
        [box = a->asked](handler<value>& h) { h.fail(box->no_room()); });
}

} // namespace emilua::actor
