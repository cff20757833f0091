// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/actor_family.hpp"

#include <algorithm>

namespace emilua {

void actor_family::enter() {
    const std::lock_guard lock{mutex_};
    ++count_;
}

void actor_family::leave() {
    const std::lock_guard lock{mutex_};
    if (--count_ != 0 || !std::exchange(waiting_, false)) return;
    if (program_) program_->post(news_);
}

void actor_family::join(family_member& m) {
    const std::lock_guard lock{mutex_};
    members_.insert(&m);
}

void actor_family::part(family_member& m) {
    const std::lock_guard lock{mutex_};
    members_.erase(&m);
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
        // Whoever rests now, and has had no turn since it was asked, rested
        // when all had been asked: nobody was there to wake another.
        const auto before = all_turns();
        if (all_rest() && all_rest() && all_turns() == before)
            for (auto* m : members_) m->close_inbox();
    }
    if (outer_) outer_->look_for_the_end();
}

bool actor_family::rests() const {
    const std::lock_guard lock{mutex_};
    return all_rest();
}

unsigned actor_family::turns() const {
    const std::lock_guard lock{mutex_};
    return all_turns();
}

void actor_family::close_inboxes() {
    const std::lock_guard lock{mutex_};
    for (auto* m : members_) m->close_inbox();
}

// One that cannot be asked begins, or ends.
bool actor_family::all_rest() const {
    return members_.size() == count_ &&
           std::ranges::all_of(members_, [](auto* m) { return m->rests(); });
}

unsigned actor_family::all_turns() const {
    unsigned sum = 0;
    for (const auto* m : members_) sum += m->turns();
    return sum;
}

} // namespace emilua
