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
    bool is_to_same(const remote_channel& o) const;

    parcel pack() const;
    static remote_channel unpack(vm& owner, parcel p) {
        return {owner,
                std::static_pointer_cast<const unique_descriptor>(p.shared)};
    }

private:
    /// Throws ECHILD for one that others have started.
    sandbox::child_actor& child() const;

    vm* owner_;
    /// Null once it is closed.
    address to_;
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
