// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/actor_family.hpp"

#include <algorithm>
#include <chrono>

namespace emilua {
namespace {

/// To ask all actors takes time, so a program does it seldom.
constexpr std::chrono::milliseconds between_looks{20};

} // namespace

actor_family::actor_family(vm& program, std::shared_ptr<actor_family> outer)
    : program_{&program}, outer_{std::move(outer)} {
    news_.family = this;
    news_.run = [](vm&, queue_node& n) {
        auto then = std::exchange(static_cast<news&>(n).family->then_, {});
        if (then) then();
    };
    look_.family = this;
    look_.run = [](vm&, queue_node& n) {
        auto& family = *static_cast<look&>(n).family;
        const std::lock_guard lock{family.mutex_};
        family.looking_ = false;
    };
}

void actor_family::enter() {
    const std::lock_guard lock{mutex_};
    ++count_;
}

void actor_family::leave() {
    bool tells;
    {
        const std::lock_guard lock{mutex_};
        --count_;
        tells = std::exchange(tells_of_members_, false);
        if (count_ == 0 && std::exchange(waiting_, false) && program_)
            program_->post(news_);
    }
    if (tells) changed();
}

void actor_family::join(family_member& m) {
    bool tells;
    {
        const std::lock_guard lock{mutex_};
        members_.insert(&m);
        tells = std::exchange(tells_of_members_, false);
    }
    if (tells) changed();
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
    clock_.reset();
}

void actor_family::look_for_the_end() {
    if (ended_) {
        const std::lock_guard lock{mutex_};
        if (all_rest_still() && !close_all())
            for (auto* m : members_) m->give_up();
    }
    if (outer_) outer_->look_for_the_end();
}

bool actor_family::waits_in_vain() {
    if (time_to_look_) {
        time_to_look_ = false;
        const std::lock_guard lock{mutex_};
        if (all_rest_still()) return true;
        if (ask_who_does_not_rest()) return false;
    }
    look_later();
    return false;
}

void actor_family::changed() {
    if (outer_) return outer_->changed();
    const std::lock_guard lock{mutex_};
    post_look();
}

// The lock is held.
void actor_family::post_look() {
    if (program_ && !std::exchange(looking_, true)) program_->post(look_);
}

// The program's turn.
void actor_family::look_later() {
    if (clock_runs_) return;
    clock_runs_ = true;
    if (!clock_) clock_.emplace(program_->io());
    clock_->expires_after(between_looks);
    clock_->async_wait([weak = weak_from_this()](const error_code& ec) {
        const auto family = weak.lock();
        if (ec || !family) return;
        const std::lock_guard lock{family->mutex_};
        family->time_to_look_ = true;
        family->clock_runs_ = false;
        family->post_look();
    });
}

void actor_family::tell_when_all_rest() {
    const std::lock_guard lock{mutex_};
    ask_who_does_not_rest();
}

// False if all rest by now. The lock is held.
bool actor_family::ask_who_does_not_rest() {
    tells_of_members_ = true;
    for (auto* m : members_) {
        if (m->rests()) continue;
        m->tell_when_it_rests();
        // It may have come to rest before it was asked.
        if (!m->rests()) return true;
    }
    return members_.size() != count_;
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
    if (!all_rest()) return false; // in most cases
    const auto before = all_turns();
    return all_rest() && all_rest() && all_turns() == before;
}

unsigned actor_family::all_turns() const {
    unsigned sum = 0;
    for (const auto* m : members_) sum += m->turns();
    return sum;
}

} // namespace emilua
