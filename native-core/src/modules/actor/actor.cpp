// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/actor/actor.hpp"

#include "modules/actor/question.hpp"

#include <boost/asio/error.hpp>

namespace emilua::actor {
namespace {

using watching = outside_wait<std::string>;

struct asking_here final : asking {
    using asking::asking;
    void give_up() noexcept override { answers->close(); }

    std::shared_ptr<mailbox> answers;
};

value answer_address(const std::shared_ptr<mailbox>& box) {
    auto to = std::make_shared<actor_address>(box);
    return boxed{&class_of<channel>(),
                 std::make_shared<parcel>(parcel{.shared = std::move(to)})};
}

// On a later turn: by then it may be known how the actor has ended.
void fail_without_answer(handler<value>& h, std::shared_ptr<mailbox> asked) {
    h.continue_later([asked = std::move(asked)](handler<value>& h) {
        h.fail(asked->lost() ? asked->refusal()
                             : channel_closed(asked->who() +
                                              " has dropped the question"));
    });
}

} // namespace

const std::shared_ptr<actor_address>& channel::open_end() const {
    if (!to_) throw channel_closed("this channel was closed");
    return to_;
}

void channel::send(value message) {
    const auto& box = open_end()->box();
    if (!box->send(std::move(message))) throw box->refusal();
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
    if (!to->box()->send(
            question(std::move(message), answer_address(a->answers)))) {
        a->give_up();
        asking::stop_clock(a);
        if (auto p = a->take()) fail_without_answer(p->complete, to->box());
    }
}

} // namespace emilua::actor
