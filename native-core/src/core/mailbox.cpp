// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/mailbox.hpp"

#include "core/actor_family.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace emilua {

failure channel_closed(std::string why) {
    failure f{make_error_code(errc::channel_closed)};
    f.expected = f.code.message() + ": " + std::move(why);
    return f;
}

failure closed_by_end(const std::string& who, std::string_view reason) {
    constexpr std::string_view panicked = "panicked: ";
    constexpr std::size_t most = 300;
    if (reason == "ended") return channel_closed(who + " has ended");
    const bool failed = reason.starts_with(panicked);
    if (failed) reason.remove_prefix(panicked.size());
    reason = reason.substr(0, std::min(reason.find('\n'), most));
    return channel_closed(who + (failed ? " has failed: " : " has ended: ") +
                          std::string{reason});
}

mailbox::mailbox(bool takes_answer) : takes_answer_{takes_answer} {
    news_.box = this;
    news_.run = [](vm&, queue_node& n) {
        static_cast<news&>(n).box->deliver(true);
    };
}

mailbox::mailbox(vm& owner) : mailbox{false} { owner_ = &owner; }

mailbox::mailbox(answer f) : mailbox{true} { answer_ = std::move(f); }

mailbox::~mailbox() {
    if (waiting_) waiting_->get_cancellation_slot().clear();
}

// The lock is held.
void mailbox::tell() noexcept {
    if (!owner_ || told_) return;
    told_ = true;
    owner_->context().message_comes();
    owner_->post(news_);
}

bool mailbox::send(value v) { return push(v, false) == sent::yes; }

mailbox::sent mailbox::try_send(value& v) { return push(v, true); }

mailbox::sent mailbox::push(value& v, bool limited) {
    std::unique_lock lock{mutex_};
    if (closed_) return sent::closed;
    if (limited && is_full()) return sent::full;
    if (const auto f = std::exchange(answer_, nullptr)) {
        closed_ = true;
        lock.unlock();
        f(std::move(v));
        return sent::yes;
    }
    messages_.push_back(std::move(v));
    tell();
    return sent::yes;
}

mailbox::sent mailbox::send_or_wait(const std::shared_ptr<waiting_message>& m) {
    const std::lock_guard lock{mutex_};
    if (closed_) return sent::closed;
    if (is_full()) {
        waiting_messages_.push_back(m);
        return sent::full;
    }
    messages_.push_back(std::move(m->content));
    tell();
    return sent::yes;
}

bool mailbox::withdraw(const waiting_message& m) noexcept {
    const std::lock_guard lock{mutex_};
    return std::erase_if(waiting_messages_,
                         [&m](auto& w) { return w.get() == &m; }) > 0;
}

void mailbox::refuse_all(const waiting_messages& all) noexcept {
    for (const auto& m : all) m->settled(false);
}

bool mailbox::close() {
    // What is dropped may hold addresses, of this box as well, so it goes
    // after the lock.
    std::deque<value> dropped;
    waiting_messages refused;
    answer unasked;
    {
        const std::lock_guard lock{mutex_};
        if (closed_) return false;
        closed_ = true;
        sources_changed_ = true;
        unasked.swap(answer_);
        dropped.swap(messages_);
        refused.swap(waiting_messages_);
        tell();
    }
    refuse_all(refused);
    return true;
}

failure mailbox::no_room() const {
    failure f{error_code{EAGAIN, boost::system::system_category()}};
    f.expected = "room in the inbox of " + who() + ", where " +
                 std::to_string(limit_.messages) + " messages lie";
    return f;
}

failure mailbox::refusal() const {
    const std::lock_guard lock{mutex_};
    if (takes_answer_)
        return channel_closed("whoever asked does not wait for an answer any "
                              "more");
    if (!reason_.empty()) return closed_by_end(who(), reason_);
    if (closed_) return channel_closed(who() + " has closed its inbox");
    return channel_closed(who() + " cannot be sent anything");
}

std::string mailbox::who() const {
    return name_.empty() ? "the program" : "the actor " + name_;
}

void mailbox::foretell(std::string reason) {
    const std::lock_guard lock{mutex_};
    if (!ended_) reason_ = std::move(reason);
}

bool mailbox::closed() const {
    const std::lock_guard lock{mutex_};
    return closed_;
}

bool mailbox::lost() const {
    const std::lock_guard lock{mutex_};
    return closed_ || !reason_.empty();
}

void mailbox::adopt(vm& owner, std::shared_ptr<actor_family> outer) {
    family_ = std::make_shared<actor_family>(owner, std::move(outer));
    const std::lock_guard lock{mutex_};
    owner_ = &owner;
    if (sources_changed_) tell();
}

void mailbox::detach() {
    std::deque<value> dropped;
    waiting_messages refused;
    sources unread;
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
        owner_ = nullptr;
        dropped.swap(messages_);
        refused.swap(waiting_messages_);
        unread = take_sources();
    }
    refuse_all(refused);
    close_all(unread);
}

// --- what other processes send ----------------------------------------------

bool mailbox::attach(std::shared_ptr<message_source> s) {
    const std::lock_guard lock{mutex_};
    if (closed_ || answer_) return false;
    ++senders_;
    ++outside_;
    arrived_.push_back(std::move(s));
    sources_changed_ = true;
    tell();
    return true;
}

void mailbox::drop(message_source& s) {
    const std::lock_guard lock{mutex_};
    if (closed_) return;
    --senders_;
    --outside_;
    dropped_.push_back(&s);
    sources_changed_ = true;
    tell();
}

// Whoever is expected no more may have been all that kept the owner.
void mailbox::expect(int more) noexcept {
    const std::lock_guard lock{mutex_};
    outside_ += more;
    if (more < 0) tell();
}

// The lock is held; on the owner's turn.
mailbox::sources mailbox::take_sources() {
    auto all = std::exchange(sources_, {});
    all.insert(all.end(), arrived_.begin(), arrived_.end());
    arrived_.clear();
    dropped_.clear();
    sources_changed_ = false;
    return all;
}

void mailbox::close_all(const sources& all) noexcept {
    for (const auto& s : all) s->close();
}

void mailbox::settle_sources() {
    sources arrived, gone;
    std::vector<message_source*> dropped;
    vm* owner;
    {
        const std::lock_guard lock{mutex_};
        owner = owner_;
        if (closed_) {
            gone = take_sources();
        } else {
            arrived.swap(arrived_);
            dropped.swap(dropped_);
            sources_changed_ = false;
        }
    }
    for (auto& s : arrived) {
        sources_.push_back(s);
        try {
            s->open(*owner);
        } catch (const failure&) {
            drop(*s);
        }
    }
    for (auto* d : dropped) {
        const auto at =
            std::ranges::find(sources_, d, [](auto& s) { return s.get(); });
        if (at == sources_.end()) continue;
        gone.push_back(std::move(*at));
        sources_.erase(at);
    }
    close_all(gone);
}

bool mailbox::end(std::string reason, std::shared_ptr<actor_family> failed_in) {
    close();
    std::vector<watcher> watchers;
    bool seen;
    {
        const std::lock_guard lock{mutex_};
        if (std::exchange(ended_, true)) return true;
        reason_ = reason;
        watchers.swap(watchers_);
        seen = std::ranges::any_of(watchers, &watcher::answers);
        if (failed_in && !seen) {
            ++failed_in->unseen_failures;
            unseen_in_ = std::move(failed_in);
        }
    }
    for (auto& w : watchers) w.tell(reason);
    return seen;
}

void mailbox::receive(handler<value> h) {
    if (waiting_) {
        failure f{error_code{EBUSY, boost::system::system_category()}};
        f.expected = "one receive at a time, and another one waits already";
        return h.fail(std::move(f));
    }
    h.op().on_cancel(
        [](void* box, void*, int) {
            static_cast<mailbox*>(box)->finish(
                boost::asio::error::operation_aborted);
        },
        this, nullptr, 0);
    const bool in_vain = h.op().in_vain;
    const bool at_once = !in_vain && h.may_complete_inline();
    waiting_.emplace(std::move(h));
    // Of what came since, `news_` tells.
    if (in_vain) return;
    if (at_once) return deliver(false);
    const std::lock_guard lock{mutex_};
    tell();
}

prompt<value> mailbox::receive_now(unsigned& budget) {
    prompt<value> p;
    if (waiting_ || budget == 0) return p;
    std::unique_lock lock{mutex_};
    if (messages_.empty()) {
        p.in_vain = !closed_ && !sources_changed_ && sources_.empty();
        return p;
    }
    --budget;
    p.values.emplace(take_first(lock));
    return p;
}

value mailbox::take_first(std::unique_lock<std::mutex>& lock) {
    auto message = std::move(messages_.front());
    messages_.pop_front();
    std::shared_ptr<waiting_message> next;
    if (!waiting_messages_.empty()) {
        next = std::move(waiting_messages_.front());
        waiting_messages_.pop_front();
        messages_.push_back(std::move(next->content));
    }
    lock.unlock();
    if (next) next->settled(true);
    return message;
}

void mailbox::deliver(bool is_news) {
    std::unique_lock lock{mutex_};
    if (is_news) told_ = false;
    if (sources_changed_) {
        lock.unlock();
        settle_sources();
        lock.lock();
    }
    if (!waiting_) return;
    if (!messages_.empty()) {
        finish({}, take_first(lock));
    } else if (closed_) {
        lock.unlock();
        fail_closed("this inbox was closed");
    } else if (!sources_.empty()) {
        lock.unlock();
        for (const auto& s : sources_) s->read();
    }
}

std::optional<std::size_t> mailbox::size_now() const {
    const std::unique_lock lock{mutex_, std::try_to_lock};
    if (!lock) return {};
    return messages_.size();
}

bool mailbox::awaited_in_vain() const {
    if (!waiting_) return false;
    // A sender on another thread may have sent its last and gone.
    const std::lock_guard lock{mutex_};
    return senders_ == 0 && messages_.empty() && !closed_;
}

void mailbox::give_up_in_vain() {
    if (awaited_in_vain())
        fail_closed("nobody is left who could send to this inbox");
}

void mailbox::give_up_with_all() {
    fail_closed("all that could send to this inbox wait for messages, too");
}

void mailbox::fail_closed(const char* why) {
    if (!waiting_) return;
    told_of_the_end_ = true;
    auto h = std::move(*waiting_);
    waiting_.reset();
    h.get_cancellation_slot().clear();
    h.fail(channel_closed(why));
}

void mailbox::finish(const error_code& ec, value message) {
    if (!waiting_) return;
    auto h = std::move(*waiting_);
    waiting_.reset();
    h.get_cancellation_slot().clear();
    h(ec, std::move(message));
}

void mailbox::watch(std::function<void(const std::string&)> f, bool answers) {
    {
        const std::lock_guard lock{mutex_};
        if (!ended_) {
            watchers_.push_back({std::move(f), answers});
            return;
        }
        if (answers)
            if (auto family = std::exchange(unseen_in_, nullptr))
                --family->unseen_failures;
    }
    f(reason_);
}

const std::shared_ptr<actor_family>& mailbox::family() {
    if (!family_) family_ = std::make_shared<actor_family>(*owner_);
    return family_;
}

actor_address::actor_address(std::shared_ptr<mailbox> box)
    : box_{std::move(box)} {
    const std::lock_guard lock{box_->mutex_};
    ++box_->senders_;
}

actor_address::actor_address(const actor_address& o) : actor_address{o.box_} {}

actor_address& actor_address::operator=(actor_address o) noexcept {
    box_.swap(o.box_);
    return *this;
}

actor_address::~actor_address() {
    if (!box_) return;
    std::unique_lock lock{box_->mutex_};
    if (--box_->senders_ != 0) return;
    box_->tell();
    const auto f = std::exchange(box_->answer_, nullptr);
    lock.unlock();
    if (f) f({});
}

} // namespace emilua
