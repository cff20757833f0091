// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/vm.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <set>

namespace emilua {

/// An actor, as its family sees it.
class family_member {
public:
    /// Whether nothing runs, and nothing but a message can change that. Any
    /// thread.
    virtual bool rests() const = 0;
    /// How many turns have begun. Any thread.
    virtual unsigned turns() const = 0;
    /// Nobody is left who could send it anything. Any thread.
    virtual void close_inbox() = 0;

protected:
    ~family_member() = default;
};

/// The actors of a program: those that it has started, and those that they
/// start. The program outlives its own end as long as there are
/// any. Such a program may be an actor itself, of an outer family.
class actor_family {
public:
    explicit actor_family(vm& program, std::shared_ptr<actor_family> outer = {})
        : program_{&program}, outer_{std::move(outer)} {
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
    /// The actor that entered can be asked from now on, and until it parts. Any
    /// thread.
    void join(family_member& m);
    void part(family_member& m);

    /// The program has ended, and calls `then` on a turn of its own when the
    /// last actor has, too. False if there is none; then nothing is called. The
    /// program's turn.
    bool end(std::function<void()> then);
    /// The program is no more: it hears of nothing. The program's turn.
    void orphan();

    /// If the program has ended, or that of a family further out, and all its
    /// actors wait for messages, closes their inboxes. Any thread that is in
    /// none of its actors' locks.
    void look_for_the_end();

    // What a member says for the family of the program that it is. Any thread.
    bool rests() const;
    unsigned turns() const;
    void close_inboxes();

    /// Whether an actor that another process can send to may hear from it yet
    /// when the program has ended.
    std::atomic<bool> hears_other_processes = false;

    /// How many actors failed whose end nobody asked for.
    std::atomic<int> unseen_failures = 0;

private:
    struct news : queue_node {
        actor_family* family;
    };
    bool all_rest() const;
    unsigned all_turns() const;

    // Those of outer families are locked before those of inner ones.
    mutable std::mutex mutex_;
    vm* program_;
    const std::shared_ptr<actor_family> outer_;
    std::set<family_member*> members_;
    std::size_t count_ = 0;
    std::atomic<bool> ended_ = false;
    std::function<void()> then_;
    news news_;
    bool waiting_ = false;
};

} // namespace emilua
