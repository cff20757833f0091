// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/value.hpp>
#include <emilua/vm.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

namespace emilua {

class actor_family;

/// Where messages come from that other processes send. Nothing is read before
/// somebody waits for it. All on the turn of the mailbox's owner.
class message_source {
public:
    virtual ~message_source() = default;
    /// First of all. Throws `failure`.
    virtual void open(vm& owner) = 0;
    /// Somebody waits: the next message is to be sent to the mailbox, or
    /// `drop` to be called there when none can come. May be asked several
    /// times for one.
    virtual void read() = 0;
    /// Nobody waits any more, ever: neither is called after this.
    virtual void close() noexcept = 0;
};

/// How many messages may lie in an inbox, and what sending does when there are
/// as many: it waits for room, or fails.
struct inbox_limit {
    /// 0: as many as memory holds.
    std::size_t messages = 0;
    bool waits = true;
};

/// The inbox of a VM. Others hold `actor_address`es of it. Messages keep the
/// order in which they were sent.
class mailbox {
public:
    enum class sent { yes, closed, full };

    /// A message that waits for room. Whoever takes it out of its mailbox, by
    /// `deliver` or `withdraw`, is the only one that has it.
    class waiting_message {
    public:
        explicit waiting_message(value v) : content{std::move(v)} {}
        virtual ~waiting_message() = default;
        /// It lies in the inbox, or the mailbox was closed. Any thread, outside
        /// of the lock.
        virtual void settled(bool sent) noexcept = 0;

        value content;
    };

    /// Of an actor whose VM is still to come: what is sent waits for it.
    mailbox() : mailbox{false} {}
    explicit mailbox(vm& owner);
    /// For one answer, which nobody receives: `f` is called once, with the
    /// first message, or without one when nobody can send any more. On the
    /// thread where that happens, outside of the lock; not after `close`.
    using answer = std::function<void(std::optional<value>)>;
    explicit mailbox(answer f);
    mailbox(const mailbox&) = delete;
    mailbox& operator=(const mailbox&) = delete;
    ~mailbox();

    /// What errors call the actor: the path of its program. Before others know
    /// of it.
    void call(std::string name) { name_ = std::move(name); }
    /// Before others know of it.
    void limit_to(inbox_limit l) noexcept { limit_ = l; }
    const inbox_limit& limit() const noexcept { return limit_; }
    /// Whether sending waits while it is full.
    bool waits() const noexcept { return limit_.messages != 0 && limit_.waits; }
    /// EAGAIN: the inbox is full. Any thread.
    failure no_room() const;
    /// "the actor worker.lua"; "the program" where it has no name.
    std::string who() const;
    /// channel_closed, and what became of whoever would receive. Any thread.
    failure refusal() const;

    /// False when it is closed. Beyond any limit. Any thread.
    bool send(value v);
    /// The same within the limit; `v` is moved from only if it was sent.
    sent try_send(value& v);
    /// Whether it was sent, or the mailbox is closed, at once; if not, it waits
    /// for room, behind those that do already. Any thread.
    sent send_or_wait(const std::shared_ptr<waiting_message>& m);
    /// Whether `m` waited and does no longer. Any thread.
    bool withdraw(const waiting_message& m) noexcept;
    /// For good; drops what was not received. False if it was closed. Any
    /// thread.
    bool close();
    bool closed() const;
    /// Closed, or about to be, because the actor ends. Any thread.
    bool lost() const;
    /// The VM that it was made for is there, an actor of `outer`. On its first
    /// turn.
    void adopt(vm& owner, std::shared_ptr<actor_family> outer);
    /// The owner is no more: closes, and never posts to it again. The owner's
    /// turn.
    void detach();
    /// It is about to end: errors know how from now on. Any thread.
    void foretell(std::string reason);
    /// The actor ended: closes, and tells whoever watches. If it failed as an
    /// actor of `failed_in`, that counts as unseen until somebody watches. Any
    /// thread, but an owner that is still there is to detach. Whether somebody
    /// watched.
    bool end(std::string reason, std::shared_ptr<actor_family> failed_in = {});
    /// Messages come from `s`, too, which counts as somebody who can send.
    /// False if it is closed, or takes an answer. Any thread.
    bool attach(std::shared_ptr<message_source> s);
    /// No more messages come from `s`. Any thread.
    void drop(message_source& s);
    /// So many more will send, or no longer, who are no actors of this process.
    /// Any thread.
    void expect(int more) noexcept;
    /// Whether nobody but actors can send. Any thread.
    bool is_of_actors_alone() const noexcept { return outside_ == 0; }
    /// Opens what came, and closes what ended, or everything once the mailbox
    /// is closed. The owner's turn.
    void settle_sources();
    /// Both at once. The owner's turn.
    bool orphan(std::string reason,
                std::shared_ptr<actor_family> failed_in = {}) {
        detach();
        return end(std::move(reason), std::move(failed_in));
    }

    /// The next message; waits for it. One fiber at a time: EBUSY. The owner's
    /// turn.
    void receive(handler<value> h);
    /// The next message if it is there, nobody else waits for it, and the owner
    /// may do something at once, which `budget` says. The owner's turn.
    prompt<value> receive_now(unsigned& budget);
    /// Whether somebody waits for a message. The owner's turn.
    bool awaited() const noexcept { return waiting_.has_value(); }
    /// How many messages lie there; nothing while another thread is at it. Any
    /// thread.
    std::optional<std::size_t> size_now() const;
    /// The operation that waits for a message; null if none does. The owner's
    /// turn.
    const operation* waiting() const noexcept {
        return waiting_ ? &waiting_->op() : nullptr;
    }
    /// Whether somebody waits, nobody can send any more and no message is
    /// left. The owner's turn.
    bool awaited_in_vain() const;
    /// Whether a wait was told that no message can come any more. The owner's
    /// turn.
    bool told_of_the_end() const noexcept { return told_of_the_end_; }
    /// Ends the wait if nobody can send a message any more and none is left.
    /// The owner's turn.
    void give_up_in_vain();
    /// Ends the wait because all that could send wait as well. The owner's
    /// turn.
    void give_up_with_all();

    /// The owner waits for an actor otherwise, or no longer: for its end, or
    /// for room in its inbox. Any thread.
    void begin_other_wait() noexcept { ++other_waits_; }
    void end_other_wait() noexcept { --other_waits_; }
    /// How many operations of the owner only actors can end. The owner's turn.
    std::size_t waits_for_actors() const noexcept {
        return other_waits_ + (waiting_ ? 1 : 0);
    }

    /// The actors that the owner starts; made on first use. The owner's turn.
    const std::shared_ptr<actor_family>& family();
    /// The same; null if it was never used.
    const std::shared_ptr<actor_family>& family_if_any() const noexcept {
        return family_;
    }

    /// Calls `f` once, with how the actor ended ("ended", "panicked: …"): at
    /// once when it already did, else on the thread where it ends. Whoever
    /// `answers` for it has seen its failure; others only look on.
    void watch(std::function<void(const std::string& reason)> f,
               bool answers = true);

private:
    friend class actor_address;
    explicit mailbox(bool takes_answer);
    struct news : queue_node {
        mailbox* box;
    };
    using sources = std::vector<std::shared_ptr<message_source>>;
    void tell() noexcept;
    /// Also of `news_`, which can then be posted again.
    void deliver(bool is_news);
    /// And lets in who waits for room. Unlocks.
    value take_first(std::unique_lock<std::mutex>& lock);
    sources take_sources();
    static void close_all(const sources& all) noexcept;
    using waiting_messages = std::deque<std::shared_ptr<waiting_message>>;
    static void refuse_all(const waiting_messages& all) noexcept;
    sent push(value& v, bool limited);
    bool is_full() const noexcept {
        return limit_.messages != 0 && messages_.size() >= limit_.messages;
    }
    void finish(const error_code& ec, value message = {});
    void fail_closed(const char* why);

    mutable std::mutex mutex_;
    vm* owner_ = nullptr;
    std::optional<handler<value>> waiting_;
    answer answer_;
    std::deque<value> messages_;
    inbox_limit limit_;
    /// Only while it is full.
    waiting_messages waiting_messages_;
    struct watcher {
        std::function<void(const std::string&)> tell;
        bool answers;
    };
    std::vector<watcher> watchers_;
    std::string name_;
    std::string reason_;
    std::shared_ptr<actor_family> family_;
    /// Where its failure counts as unseen.
    std::shared_ptr<actor_family> unseen_in_;
    std::size_t senders_ = 0;
    std::atomic<int> outside_ = 0;
    std::atomic<std::size_t> other_waits_ = 0;
    /// Those that are open; the owner's turn.
    sources sources_;
    /// Those that came, and those that ended, meanwhile.
    sources arrived_;
    std::vector<message_source*> dropped_;
    std::atomic<bool> sources_changed_ = false;
    news news_;
    bool told_ = false;
    bool told_of_the_end_ = false;
    bool closed_ = false;
    bool ended_ = false;
    const bool takes_answer_ = false;
};

/// channel_closed of an actor called `who` that ends, or ended, as `reason`
/// says: "ended", "panicked: …".
failure closed_by_end(const std::string& who, std::string_view reason);
/// channel_closed, and why.
failure channel_closed(std::string why);

/// The right to send to a mailbox; counted, so that a receiver that nobody can
/// reach any more finds out.
class actor_address {
public:
    explicit actor_address(std::shared_ptr<mailbox> box);
    actor_address(const actor_address& o);
    actor_address(actor_address&& o) noexcept = default;
    actor_address& operator=(actor_address o) noexcept;
    ~actor_address();

    const std::shared_ptr<mailbox>& box() const noexcept { return box_; }

private:
    std::shared_ptr<mailbox> box_;
};

} // namespace emilua
