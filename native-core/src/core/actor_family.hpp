// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/vm.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
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
    /// Nobody is left who could send it anything. False if its inbox is closed
    /// already. Any thread.
    virtual bool close_inbox() = 0;
    /// Not even that changes anything: what it waits for cannot come. Any
    /// thread.
    virtual void give_up() = 0;

protected:
    ~family_member() = default;
};

/// The actors of a program: those that it has started, and those that they
/// start. The program outlives its own end as long as there are
/// any. Such a program may be an actor itself, of an outer family.
class actor_family {
public:
    explicit actor_family(vm& program,
                          std::shared_ptr<actor_family> outer = {});

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

    /// Whether the program, which has nothing to do but to wait for actors, can
    /// wait for ever because all of them do the same, and nobody else can send
    /// to any. Only of a program that is no actor; its turn, which it gets when
    /// nobody is awake.
    bool waits_in_vain() { return time_to_look_ && nobody_will_send(); }
    /// An actor, or the program itself, begins to rest, as it says by
    /// `family_member::rests`: it is not awake any more. It is from its
    /// beginning on, and when it ends. Any thread that is in none of the
    /// actors' locks.
    void falls_asleep();
    /// Somebody who is awake, or another process, has just woken it. Any
    /// thread.
    void wakes() noexcept { outermost_.awake_.fetch_add(1); }

    // What a member says for the family of the program that it is. Any thread.
    bool rests() const;
    unsigned turns() const;
    bool close_inboxes();
    void give_up();

    /// Whether an actor that another process can send to may hear from it yet.
    bool hears_other_processes() const noexcept {
        return !ended_ || hears_after_the_end;
    }
    /// The same when the program has ended.
    std::atomic<bool> hears_after_the_end = false;

    /// How many actors failed whose end nobody asked for.
    std::atomic<int> unseen_failures = 0;

private:
    struct news : queue_node {
        actor_family* family;
    };
    struct look : queue_node {
        actor_family* family;
    };
    bool close_all();
    bool all_rest() const;
    bool all_rest_still() const;
    unsigned all_turns() const;
    void nobody_is_awake();
    bool nobody_will_send();

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

    /// How many are awake in this family and those further in, the program
    /// included. Of the outermost one.
    std::atomic<int> awake_ = 1;
    actor_family& outermost_;
    look look_;
    /// `look_` is in the program's queue.
    bool looking_ = false;
    /// It was, and nobody has looked since. The program's turn.
    bool time_to_look_ = false;
    /// What a look that found somebody awake has seen. It is not looked again
    /// until somebody has had a turn.
    std::optional<unsigned> turns_then_;
};

} // namespace emilua
