// SPDX-License-Identifier: MIT OR BSL-1.0
#include "mailbox.hpp"

namespace emilua {

mailbox::mailbox(vm& owner, std::function<void()> on_news)
    : owner_{&owner}, on_news_{std::move(on_news)} {
    news_.box = this;
    news_.run = [](vm&, queue_node& n) {
        auto& box = *static_cast<news&>(n).box;
        {
            const std::lock_guard lock{box.mutex_};
            box.told_ = false;
        }
        box.on_news_();
    };
}

void mailbox::tell(std::unique_lock<std::mutex>&) {
    if (!owner_ || told_) return;
    told_ = true;
    owner_->post(news_);
}

bool mailbox::send(value v) {
    std::unique_lock lock{mutex_};
    if (closed_) return false;
    messages_.push_back(std::move(v));
    tell(lock);
    return true;
}

void mailbox::close() {
    std::deque<value> dropped;
    std::unique_lock lock{mutex_};
    if (closed_) return;
    closed_ = true;
    dropped.swap(messages_);
    tell(lock);
    // What was dropped may hold addresses, of this box as well.
    lock.unlock();
}

bool mailbox::closed() const {
    const std::lock_guard lock{mutex_};
    return closed_;
}

void mailbox::orphan(std::string reason) {
    std::deque<value> dropped;
    std::vector<std::function<void(const std::string&)>> watchers;
    {
        const std::lock_guard lock{mutex_};
        closed_ = ended_ = true;
        owner_ = nullptr;
        reason_ = reason;
        dropped.swap(messages_);
        watchers.swap(watchers_);
    }
    for (auto& w : watchers) w(reason);
}

bool mailbox::try_receive(value& out) {
    const std::lock_guard lock{mutex_};
    if (messages_.empty()) return false;
    out = std::move(messages_.front());
    messages_.pop_front();
    return true;
}

std::size_t mailbox::senders() const {
    const std::lock_guard lock{mutex_};
    return senders_;
}

void mailbox::watch(std::function<void(const std::string&)> f) {
    {
        const std::lock_guard lock{mutex_};
        if (!ended_) {
            watchers_.push_back(std::move(f));
            return;
        }
    }
    f(reason_);
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
    if (--box_->senders_ == 0) box_->tell(lock);
}

} // namespace emilua
