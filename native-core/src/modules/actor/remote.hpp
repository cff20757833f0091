// SPDX-License-Identifier: MIT OR BSL-1.0
// Actors in other processes.
#pragma once

#include "core/io_descriptor.hpp"
#include "core/mailbox.hpp"
#include "sandbox/child_actor.hpp"

#include <emilua/describe.hpp>

namespace emilua::actor {

/// What comes out of `socket` goes to the mailbox.
std::shared_ptr<message_source> make_source(unique_descriptor socket,
                                            const std::shared_ptr<mailbox>& to);

struct send_attempt;

/// The sending end to an actor in another process, as programs hold it.
class remote_channel {
public:
    using address = std::shared_ptr<const unique_descriptor>;

    /// `child` if the program has started it.
    remote_channel(vm& owner, address to,
                   std::shared_ptr<sandbox::child_actor> child = {})
        : owner_{&owner}, to_{std::move(to)}, child_{std::move(child)} {}

    void send(value message, handler<> h);
    void close() noexcept;
    void detach();
    void kill(std::optional<ranged<0, 64>> signo);
    int child_pid() const { return child().pid(); }
    /// How its process ended.
    void closed(handler<std::string> h);
    /// The same, which does not answer for its failure.
    void ended(handler<std::string> h);
    /// Sends `v` a message when its process has ended.
    void watch(vm& v, value tag);
    /// Sends a record with an address for one answer, and waits for that.
    void call(value message, double seconds, handler<value> h);
    /// "channel to /guest.lua (process 4711)".
    std::string shown() const;
    bool is_to_same(const remote_channel& o) const;

    parcel pack() const;
    static remote_channel unpack(vm& owner, parcel p) {
        return {owner,
                std::static_pointer_cast<const unique_descriptor>(p.shared)};
    }

private:
    /// Throws ECHILD for one that others have started.
    sandbox::child_actor& child() const;
    /// Throws channel_closed once it is closed.
    const address& open_end() const;
    /// Sends at once, or says that this has to wait. Throws `failure`.
    bool try_to_send(send_attempt& a);
    template <class Handler> void wait_to_send(send_attempt a, Handler h);

    vm* owner_;
    /// Null once it is closed.
    address to_;
    bool killed_ = false;
    std::shared_ptr<sandbox::child_actor> child_;
    /// For sends that have to wait, and in their order.
    std::unique_ptr<io_descriptor> waiting_;
    /// For whoever waits until its process ends.
    std::unique_ptr<io_descriptor> end_;
};

void describe_remote(module_builder& m);

} // namespace emilua::actor

template <> struct emilua::described_in<emilua::actor::remote_channel> {
    static constexpr auto module = "actor";
};
