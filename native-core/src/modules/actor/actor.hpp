// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/mailbox.hpp"

namespace emilua::actor {

/// The sending end to an actor, as programs hold it.
class channel {
public:
    explicit channel(std::shared_ptr<actor_address> to) noexcept
        : to_{std::move(to)} {}

    void send(value message);
    void close() noexcept { to_.reset(); }
    /// How the actor ended.
    void closed(handler<std::string> h);

    /// Null once it is closed.
    const std::shared_ptr<actor_address>& address() const noexcept {
        return to_;
    }

private:
    std::shared_ptr<actor_address> to_;
    /// Of an actor whose channel was closed, for `closed`.
    std::shared_ptr<mailbox> box_ = to_->box();
};

/// The receiving end of a program, as it holds it.
class inbox {
public:
    explicit inbox(vm& owner) : box_{owner.inbox()} {}

    void receive(handler<value> h) { box_->receive(h); }
    void close() { box_->close(); }

    std::shared_ptr<actor_address> address() const {
        return std::make_shared<actor_address>(box_);
    }

private:
    std::shared_ptr<mailbox> box_;
};

} // namespace emilua::actor
