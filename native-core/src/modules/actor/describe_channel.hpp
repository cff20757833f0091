// SPDX-License-Identifier: MIT OR BSL-1.0
// What both kinds of channel have, to an actor of this process and to one of
// another.
#pragma once

#include <emilua/describe.hpp>

namespace emilua::actor {

/// What is said of one kind only.
struct channel_texts {
    /// Of `closed`.
    const char* until;
    const char* reasons;
    /// Of `watch`.
    const char* when;
    const char* seen;
    /// Of the message of `call`.
    const char* question;
};

template <class C>
void describe_channel(class_builder<C> c, const channel_texts& t) {
    c.sync("close", fn<&C::close>, {},
           "Gives up the right to send; the actor's inbox stays open for "
           "others.")
        .async("closed", fn<&C::closed>, {}, t.until, t.reasons)
        .async("ended", fn<&C::ended>, {},
               "The same for who only looks on: a failure stays unseen.")
        .only(languages::typescript)
        .sync("watch", fn<&C::watch>,
              {{"tag", "What tells which actor it was; copied."}}, t.when,
              t.seen)
        .async("call", fn<&C::call>,
               {{"message", t.question},
                {"seconds", "How long to wait for the answer."}},
               "Asks: sends the message with a field `reply`, a channel for "
               "one answer, and waits for what is sent there.",
               "That channel dies with the wait: who answers too late gets "
               "channel_closed. Raises ETIMEDOUT when the time is over, and "
               "channel_closed when nobody is left who could answer.")
        .meta(metamethod::eq, fn<&C::is_to_same>)
        .meta(metamethod::tostring, fn<&C::shown>)
        .copies();
}

} // namespace emilua::actor
