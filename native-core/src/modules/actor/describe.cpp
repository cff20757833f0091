// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/actor_launcher.hpp"
#include "modules/actor/actor.hpp"
#include "modules/actor/describe_channel.hpp"
#include "modules/actor/observed.hpp"
#include "modules/actor/remote.hpp"

#include <sys/stat.h>

namespace emilua::actor {
namespace {

inbox own_inbox(vm& v) { return inbox{v}; }

std::variant<channel, bounded_channel> spawn(vm& v, std::string program,
                                             bool own_thread,
                                             ranged<0, 2147483647> limit,
                                             bool waits) {
    const auto launch = get_actor_launcher().launch;
    if (!launch) throw failure{make_error_code(errc::not_available)};
    struct stat s;
    if (stat(program.c_str(), &s) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            throw failure{make_error_code(errc::module_not_found), nullptr,
                          "module"};
        throw_errno("stat", "module");
    }
    const inbox_limit inbox{static_cast<std::size_t>(limit.value), waits};
    auto to =
        launch({std::move(program), own_thread, v.inbox()->family(), inbox});
    if (to->box()->waits()) return bounded_channel{std::move(to)};
    return channel{std::move(to)};
}

/// To an actor of this process; `question` is the message of `call`.
template <class C>
void describe_channel_here(class_builder<C> c, const char* question) {
    describe_channel(
        c, {.until = "Waits until the actor ended.",
            .reasons = "Gives the reason: \"ended\", or what it failed with.",
            .when = "Has the inbox of the calling program get a message when "
                    "the actor ends: `ended` is the tag, `reason` is as with "
                    "{@ref channel.closed}.",
            .seen = "At once if it has ended. Whoever watches has seen a "
                    "failure, and the exit status stays 0.",
            .question = question});
}

} // namespace

void describe(module_builder& m) {
    m.doc("Actors that share nothing and send each other copies.");

    m.internal();
    const auto to_channel =
        m.cls<channel>("channel", "Where messages to an actor go in.")
            .sync("send", fn<&channel::send>,
                  {{"message", "Copied as it is now."}},
                  "Sends a message and does not wait for anybody to take it.",
                  "Messages of one sender keep their order. Raises "
                  "channel_closed when the channel, or the inbox at its other "
                  "end, is known to be closed.");
    describe_channel_here(to_channel, "A table with names.");

    m.cls<inbox>("inbox", "Where the messages to this actor come out.")
        .async("receive", fn<&inbox::receive>, fn<&inbox::receive_now>, {},
               "Waits for the next message.",
               "One fiber at a time: EBUSY. Raises channel_closed once the "
               "inbox is closed, and when nobody is left who could send to it, "
               "or all that could wait as well.")
        .sync("close", fn<&inbox::close>, {},
              "Closes the inbox for good and drops what was not received.")
        .arrives_as<channel>();

    m.sync("own_inbox", fn<&own_inbox>, {},
           "The inbox of the calling program.");
    m.sync(
        "spawn", fn<&spawn>,
        {{"module", "Path of a Lua program."},
         {"own_thread",
          "Whether it gets a native thread of its own, or the one that all "
          "others share."},
         {"limit", "How many messages its inbox holds; 0 for any number."},
         {"waits", "Whether sending waits while it is full, or fails."}},
        "Starts a Lua program as an actor on a native thread.",
        "Raises module_not_found when there is no such file. What fails later, "
        "a syntax error for one, is how the actor ended.");
    m.blocking_query("vms", fn<&observe>, {{"pid", "A process."}},
                     "What all VMs of a process and their fibers are at.");
    const auto to_bounded =
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
    describe_channel_here(to_bounded, "A table with names. The time that it "
                                      "waits for room counts.");
    describe_remote(m);
}

} // namespace emilua::actor
