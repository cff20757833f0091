// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/actor_family.hpp"

#include <algorithm>

namespace emilua {

actor_family::actor_family(vm& program, std::shared_ptr<actor_family> outer)
    : program_{&program}, outer_{std::move(outer)},
      outermost_{outer_ ? outer_->outermost_ : *this} {
    news_.family = this;
    news_.run = [](vm&, queue_node& n) {
        auto then = std::exchange(static_cast<news&>(n).family->then_, {});
        if (then) then();
    };
    look_.family = this;
    look_.run = [](vm&, queue_node& n) {
        auto& family = *static_cast<look&>(n).family;
        family.time_to_look_ = true;
        const std::lock_guard lock{family.mutex_};
        family.looking_ = false;
    };
}

void actor_family::enter() {
    wakes();
    const std::lock_guard lock{mutex_};
    ++count_;
}

void actor_family::leave() {
    {
        const std::lock_guard lock{mutex_};
        if (--count_ == 0 && std::exchange(waiting_, false) && program_)
            program_->post(news_);
    }
    falls_asleep();
}

void actor_family::join(family_member& m) {
    const std::lock_guard lock{mutex_};
    members_.insert(&m);
    turns_then_.reset();
}

void actor_family::part(family_member& m) {
    const std::lock_guard lock{mutex_};
    members_.erase(&m);
    turns_then_.reset();
}

bool actor_family::end(std::function<void()> then) {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    if (count_ == 0) return false;
    waiting_ = true;
    then_ = std::move(then);
    return true;
}

void actor_family::orphan() {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    program_ = nullptr;
}

void actor_family::look_for_the_end() {
    if (ended_) {
        const std::lock_guard lock{mutex_};
        if (all_rest_still() && !close_all())
            for (auto* m : members_) m->give_up();
    }
    if (outer_) outer_->look_for_the_end();
}

bool actor_family::nobody_will_send() {
    time_to_look_ = false;
    const std::lock_guard lock{mutex_};
    if (all_rest_still()) return true;
    turns_then_ = all_turns();
    return false;
}

void actor_family::falls_asleep() {
    if (outermost_.awake_.fetch_sub(1) == 1) outermost_.nobody_is_awake();
}

void actor_family::nobody_is_awake() {
    const std::lock_guard lock{mutex_};
    if (!program_ || looking_ || turns_then_ == all_turns()) return;
    looking_ = true;
    program_->post(look_);
}

bool actor_family::rests() const {
    const std::lock_guard lock{mutex_};
    return all_rest();
}

unsigned actor_family::turns() const {
    const std::lock_guard lock{mutex_};
    return all_turns();
}

bool actor_family::close_inboxes() {
    const std::lock_guard lock{mutex_};
    return close_all();
}

bool actor_family::close_all() {
    bool any = false;
    for (auto* m : members_) any = m->close_inbox() || any;
    return any;
}

void actor_family::give_up() {
    const std::lock_guard lock{mutex_};
    for (auto* m : members_) m->give_up();
}

// One that cannot be asked begins, or ends.
bool actor_family::all_rest() const {
    return members_.size() == count_ &&
           std::ranges::all_of(members_, [](auto* m) { return m->rests(); });
}

// Whoever rests now, and has had no turn since it was asked, rested when all
// had been asked: nobody was there to wake another.
bool actor_family::all_rest_still() const {
    const auto before = all_turns();
    return all_rest() && all_rest() && all_turns() == before;
}

unsigned actor_family::all_turns() const {
    unsigned sum = 0;
    for (const auto* m : members_) sum += m->turns();
    return sum;
}

} // namespace emilua
