// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/vm.hpp>

#include <atomic>
#include <functional>
#include <mutex>

namespace emilua {

/// The actors of a program that is not Lua's: those that it has started, and
/// those that they start. The program outlives its own end as long as there are
/// any.
class actor_family {
public:
    explicit actor_family(vm& program) : program_{&program} {
        news_.family = this;
        news_.run = [](vm&, queue_node& n) {
            auto then = std::exchange(static_cast<news&>(n).family->then_, {});
            if (then) then();
        };
    }

    /// An actor begins. Any thread.
    void enter();
    /// An actor has ended. Any thread.
    void leave();

    /// The program has ended, and calls `then` on a turn of its own when the
    /// last actor has, too. False if there is none; then nothing is called. The
    /// program's turn.
    bool end(std::function<void()> then);
    /// Whether the program has ended. Any thread.
    bool program_ended() const noexcept { return ended_; }
    /// The program is no more: it hears of nothing. The program's turn.
    void orphan();

    /// How many actors failed whose end nobody asked for.
    std::atomic<int> unseen_failures = 0;

private:
    struct news : queue_node {
        actor_family* family;
    };

    std::mutex mutex_;
    vm* program_;
    std::size_t count_ = 0;
    std::atomic<bool> ended_ = false;
    std::function<void()> then_;
    news news_;
    bool waiting_ = false;
};

} // namespace emilua
