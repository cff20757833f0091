// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/actor/observed.hpp"

/// Structured concurrency in Lua. All of it calls back into the program or
/// parks fibers, so it is written there, and in TypeScript in @emilua/runtime.

namespace emilua::runtime {
namespace {

/// Stand for the classes, of which there is nothing in C++.
struct task {};
struct group {};
struct semaphore {};
struct queue {};

using std::size_t;
using any_function = callback<value(value)>;

/// TypeScript's has other shapes: `using`, `for await`, options.
constexpr auto lua = languages::lua;

void describe_groups(module_builder& m) {
    m.cls<task>("task", "A fiber of a group.")
        .written<value()>(
            member_kind::method, "join", {},
            "Waits until it has ended and gives its results.",
            "Suspends. Any number of fibers may, at any time. Fails as it "
            "failed; gives nothing if it was canceled.")
        .suspends()
        .only(lua)
        .written<void()>(member_kind::method, "cancel", {},
                         "Cancels it; the rest of the group goes on.")
        .only(lua)
        .written_property<bool>("done", "Whether it has ended.")
        .only(lua)
        .written_property<bool>("cancellation_caught",
                                "Whether it ended because it was canceled.")
        .only(lua);
    m.cls<group>("group", "The fibers of one task_group.")
        .written<task(any_function)>(
            member_kind::method, "spawn",
            {{"f", "What it runs; further arguments are passed on."}},
            "Starts a fiber that does not outlive the group.",
            "EINVAL once the group has ended.")
        .only(lua)
        .written<void()>(member_kind::method, "cancel", {},
                         "Cancels every fiber the group has now. Its function "
                         "goes on.")
        .only(lua);
    m.written<value(any_function)>(
         "task_group", {{"f", "Gets the group. Runs in a fiber of its own."}},
         "Calls `f` with a group to start fibers in, waits for all of them, "
         "and gives the results of `f`.",
         "Suspends. The first failure, of a fiber or of `f`, cancels the rest "
         "and is raised; if more fail meanwhile, an object with all `errors`, "
         "the first one first and as its `cause`. If the caller is canceled, "
         "so is the group.")
        .suspends()
        .only(lua);
    m.written<value(double, any_function)>(
         "timeout",
         {{"seconds", "How long it may take, 0 or more; 0 ends it at its "
                      "first cancellation point, math.huge is no limit."},
          {"f", "Runs in a fiber of its own; further arguments are passed "
                "on."}},
         "Calls `f`, cancels it when the time is up, and gives its results.",
         "Suspends until `f` has ended, however long that takes. ETIMEDOUT of "
         "generic_error, with the field `seconds`, if the limit is what ended "
         "it, that is if the cancellation left `f`. If `f` succeeds "
         "nevertheless, its results are kept, however late; if it fails with "
         "something else, it is that error.")
        .suspends()
        .only(lua);
    m.written<value(std::vector<any_function>)>(
         "race", {{"functions", "A list; each runs in a fiber of its own."}},
         "Gives the results of the first one to end, and cancels the others.",
         "Suspends until all have ended. Fails as the first one does.")
        .suspends()
        .only(lua);
}

void describe_semaphore(module_builder& m) {
    m.cls<semaphore>("semaphore",
                     "A number of permits. Who waits longest is served first.")
        .written<semaphore(size_t)>(member_kind::constructor, "new",
                                    {{"permits", "How many there are."}},
                                    "Makes a semaphore.")
        .only(lua)
        .written<void()>(member_kind::method, "acquire", {},
                         "Takes a permit, and waits for one if there is none.",
                         "Suspends. If it is canceled, it took none.")
        .suspends()
        .only(lua)
        .written<bool()>(member_kind::method, "try_acquire", {},
                         "Takes a permit if there is one; tells whether.")
        .only(lua)
        .written<void()>(member_kind::method, "release", {},
                         "Gives a permit back.")
        .only(lua)
        .written_property<size_t>("available", "How many permits nobody holds.")
        .only(lua);
}

void describe_queue(module_builder& m) {
    m.cls<queue>("queue", "First in, first out, between fibers. No "
                          "cancellation loses an item.")
        .written<queue(double)>(
            member_kind::constructor, "new",
            {{"capacity", "How many items it holds at most: an integer from 0, "
                          "or math.huge."}},
            "Makes a queue.")
        .only(lua)
        .written<void(value)>(
            member_kind::method, "send", {{"item", "Anything but nil."}},
            "Puts an item at the end, and waits while there is no room.",
            "Suspends. If it is canceled, nothing was sent. Raises "
            "channel_closed if the queue is closed.")
        .suspends()
        .only(lua)
        .written<bool(value)>(
            member_kind::method, "try_send", {{"item", "Anything but nil."}},
            "Puts an item at the end if there is room; tells whether.",
            "Raises channel_closed if the queue is closed.")
        .only(lua)
        .written<value()>(
            member_kind::method, "receive", {},
            "Takes the oldest item, and waits for one if there is none.",
            "Suspends. If it is canceled, nothing was taken. Raises "
            "channel_closed once the queue is closed and empty.")
        .suspends()
        .only(lua)
        .written<value()>(member_kind::method, "try_receive", {},
                          "Takes the oldest item if there is one.")
        .only(lua)
        .written<void()>(member_kind::method, "close", {},
                         "Says that nothing more comes. What is in it can "
                         "still be received.")
        .only(lua)
        .written<value()>(member_kind::method, "items", {},
                          "What `for … in` takes: the items until the queue is "
                          "closed and empty.")
        .only(lua)
        .written_property<double>("capacity", "How many it holds at most.")
        .only(lua)
        .written_property<size_t>("size", "How many are in it.")
        .only(lua)
        .written_property<bool>("closed", "Whether it was closed.")
        .only(lua);
}

} // namespace

void describe(module_builder& m) {
    m.doc("Structured concurrency: task groups, time limits, races, semaphores "
          "and queues between fibers. Durations are seconds.");
    describe_groups(m);
    describe_semaphore(m);
    describe_queue(m);
    m.blocking_query(
         "vms", fn<&actor::observe>,
         {{"pid", "The process; this one if it is left out."}},
         "What all VMs of a process and their fibers are at, of both "
         "languages. The process goes on.",
         "What `emilua --fibers PID` prints. ESRCH if there is no such process "
         "or it ended meanwhile, EPERM if it is another user's, ENOTSUP if it "
         "has no VMs, EAGAIN if it is stopped, ETIMEDOUT if it does not "
         "answer. Takes a millisecond or "
         "two, a second where JavaScript is busy.")
        .only(lua);
}

} // namespace emilua::runtime
