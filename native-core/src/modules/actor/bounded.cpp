// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/actor/actor.hpp"
#include "modules/actor/describe_channel.hpp"

namespace emilua::actor {

void describe_bounded(module_builder& m) {
    const auto to_channel =
        m.cls<bounded_channel>("bounded_channel",
                               "Where messages to an actor go in whose inbox "
                               "has a limit.")
            .async("send", fn<&bounded_channel::send>,
                   {{"message", "Copied as it is now."}},
                   "Sends a message, and waits while the inbox is full.",
                   "Those that wait get in as they came; messages of one "
                   "sender keep their order. Raises channel_closed when the "
                   "channel, or the inbox at its other end, is known to be "
                   "closed, or is closed meanwhile.");
    describe_channel(
        to_channel,
        {.until = "Waits until the actor ended.",
         .reasons = "Gives the reason: \"ended\", or what it failed with.",
         .when = "Has the inbox of the calling program get a message when the "
                 "actor ends: `ended` is the tag, `reason` is as with "
                 "{@ref bounded_channel.closed}.",
         .seen = "At once if it has ended. Whoever watches has seen a failure, "
                 "and the exit status stays 0.",
         .question = "A table with names. The time that it waits for room "
                     "counts."});
}

} // namespace emilua::actor
