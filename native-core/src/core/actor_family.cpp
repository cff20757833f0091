// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/actor_family.hpp"

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

} // namespace emilua
