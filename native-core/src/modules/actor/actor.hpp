// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/mailbox.hpp"

#include <emilua/describe.hpp>

namespace emilua::actor {

/// The sending end to an actor, as programs hold it.
class channel {
public:
    explicit channel(std::shared_ptr<actor_address> to) noexcept
        : to_{std::move(to)} {}

    /// Throws EAGAIN when the inbox is full.
    void send(value message);
    void close() noexcept { to_.reset(); }
    /// How the actor ended.
    void closed(handler<std::string> h);
    /// The same, which does not answer for its failure.
    void ended(handler<std::string> h);
    /// Sends `v` a message when the actor ends.
    void watch(vm& v, value tag);
    /// Sends a record with an address for one answer, and waits for that.
    void call(value message, double seconds, handler<value> h);

    bool is_to_same(const channel& o) const noexcept { return box_ == o.box_; }

    /// "channel to worker.lua".
    std::string shown() const;

    // Messages carry copies.
    parcel pack() const;
    static channel unpack(vm&, parcel p) {
        return channel{std::static_pointer_cast<actor_address>(p.shared)};
    }

    /// Null once it is closed.
    const std::shared_ptr<actor_address>& address() const noexcept {
        return to_;
    }

protected:
    /// Throws channel_closed once it is closed.
    const std::shared_ptr<actor_address>& open_end() const;

private:
    void wait(handler<std::string> h, bool answers);

    std::shared_ptr<actor_address> to_;
    /// Of an actor whose channel was closed, for `closed`.
    std::shared_ptr<mailbox> box_ = to_->box();
};

/// The sending end to an inbox of which senders wait while it is full.
class bounded_channel : public channel {
public:
    using channel::channel;

    void send(value message, handler<> h);
    void call(value message, double seconds, handler<value> h) {
        channel::call(std::move(message), seconds, std::move(h));
    }
    void closed(handler<std::string> h) { channel::closed(std::move(h)); }
    void ended(handler<std::string> h) { channel::ended(std::move(h)); }
    void watch(vm& v, value tag) { channel::watch(v, std::move(tag)); }
    void close() noexcept { channel::close(); }
    bool is_to_same(const bounded_channel& o) const noexcept {
        return channel::is_to_same(o);
    }
    std::string shown() const { return channel::shown(); }
    parcel pack() const { return channel::pack(); }
    static bounded_channel unpack(vm&, parcel p) {
        return bounded_channel{
            std::static_pointer_cast<actor_address>(p.shared)};
    }
};

/// What programs hold as the address of `box`.
const class_description& class_of_address(const mailbox& box) noexcept;

/// The receiving end of a program, as it holds it.
class inbox {
public:
    explicit inbox(vm& owner) : box_{owner.inbox()} {}

    void receive(handler<value> h) { box_->receive(std::move(h)); }
    prompt<value> receive_now(vm& owner) {
        return box_->receive_now(owner.inline_budget);
    }
    void close() {
        box_->close();
        // Who sends from another process finds out now.
        box_->settle_sources();
    }

    std::shared_ptr<actor_address> address() const {
        return std::make_shared<actor_address>(box_);
    }
    /// In a message, a channel to it.
    parcel pack() const {
        return {.shared = address(), .arrives_as = &class_of_address(*box_)};
    }

private:
    std::shared_ptr<mailbox> box_;
};

/// In a process that is an actor: its messages come from `socket`. Before
/// anything asks for the inbox of `owner`.
void listen_on(vm& owner, unique_descriptor socket);

} // namespace emilua::actor

template <> struct emilua::described_in<emilua::actor::channel> {
    static constexpr auto module = "actor";
};
template <> struct emilua::described_in<emilua::actor::bounded_channel> {
    static constexpr auto module = "actor";
};
template <> struct emilua::described_in<emilua::actor::inbox> {
    static constexpr auto module = "actor";
};
