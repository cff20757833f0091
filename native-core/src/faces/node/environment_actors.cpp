// SPDX-License-Identifier: MIT OR BSL-1.0
// A program on Node among actors: what it hears from, and when all of them wait
// for each other.
#include "faces/node/environment.hpp"

#include "modules/actor/actor.hpp"

namespace emilua::node {

std::shared_ptr<mailbox> environment::inbox() {
    if (!inbox_) inbox_ = std::make_shared<mailbox>(*this);
    return inbox_;
}

void environment::be_actor(std::shared_ptr<mailbox> box,
                           std::shared_ptr<actor_family> outer) {
    inbox_ = std::move(box);
    outer_ = std::move(outer);
    inbox_->adopt(*this, outer_);
    outer_->join(*this);
}

bool environment::rests() const {
    if (!rests_ || !hears_actors_alone() || !inbox_->family_if_any()->rests())
        return false;
    const std::lock_guard lock{posted_mutex_};
    return posted_ == nullptr;
}

unsigned environment::turns() const {
    return turns_ + inbox_->family_if_any()->turns();
}

bool environment::close_inbox() {
    const bool own = inbox_->close();
    return inbox_->family_if_any()->close_inboxes() || own;
}

void environment::give_up() { inbox_->family_if_any()->give_up(); }

/// Whether the wait for a message is to hold the loop.
bool environment::holds_for_message() const {
    return inbox_ && inbox_->awaited() && pending_[inbox_->waiting()->id].holds;
}

void environment::sleeps() {
    if (doomed || !inbox_ || holding_ == 0) return;
    const bool for_message = holds_for_message();
    const bool in_vain = for_message && inbox_->awaited_in_vain();
    // One that nobody can send holds nothing.
    loop_.keep_alive(holding_ - (in_vain ? 1 : 0) > 0);
    const bool rests = ((for_message && holding_ == 1) ||
                        outstanding == inbox_->waits_for_actors()) &&
                       !loop_.alive_for_others();
    rests_ = rests;
    auto* const all = family();
    if (!all || !rests || in_vain || !hears_actors_alone()) {
        wake_up();
    } else if (outer_ || !end_wait_in_vain()) {
        fall_asleep(*all);
    }
    if (outer_ && rests) outer_->look_for_the_end();
}

actor_family* environment::family() const noexcept {
    return outer_ ? outer_.get() : inbox_->family_if_any().get();
}

bool environment::hears_actors_alone() const noexcept {
    return inbox_->is_of_actors_alone() ||
           (outer_ && !outer_->hears_other_processes());
}

void environment::fall_asleep(actor_family& all) {
    {
        const std::lock_guard lock{posted_mutex_};
        if (posted_ || asleep_.exchange(true)) return;
    }
    all.falls_asleep();
}

void environment::wake_up() noexcept {
    if (asleep_ && asleep_.exchange(false)) family()->wakes();
}

// Of a program that waits for actors which all wait as well. Whether something
// has happened.
bool environment::end_wait_in_vain() {
    if (!family()->waits_in_vain()) return false;
    // One may have sent its last message while others were asked.
    if (has_work()) return true;
    if (inbox_->awaited())
        inbox_->give_up_with_all();
    else if (!family()->close_inboxes())
        family()->give_up();
    return true;
}

} // namespace emilua::node
