// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/time/high_resolution_clock.hpp"
#include "modules/time/timer.hpp"

namespace emilua::time {

namespace {

constexpr auto rounding =
    "Seconds are rounded to the nearest nanosecond, halves to even. What lies "
    "more than 292 years from the epoch stops there. NaN is EINVAL.";

template <class Clock>
void describe_clock(module_builder& m, const char* time_point_name,
                    const char* now_name, const char* epoch_name,
                    const char* now_doc, const char* epoch_doc,
                    const char* since_epoch_doc) {
    using point = time_point<Clock>;
    m.cls<point>(time_point_name,
                 "An instant, exact to the nanosecond. Instants of one clock "
                 "compare with each other; an instant plus or minus seconds "
                 "is an instant, an instant minus an instant is seconds.")
        .is_value()
        .sync("add", fn<&point::add>, {{"secs", "Seconds; may be negative."}},
              "Moves this instant forward.", rounding)
        .sync("sub", fn<&point::sub>, {{"secs", "Seconds; may be negative."}},
              "Moves this instant back.", rounding)
        .property("seconds_since_epoch", fn<&point::seconds_since_epoch>,
                  since_epoch_doc,
                  "A number has 53 bits: near the present of a clock that "
                  "counts from 1970 it is exact to some 0.2 microseconds.")
        .meta(metamethod::add, fn<&point::plus>)
        .meta(metamethod::sub, fn<&point::minus>)
        .meta(metamethod::tostring, fn<&point::to_string>)
        .meta(metamethod::eq, fn<&point::equal>)
        .meta(metamethod::lt, fn<&point::less>)
        .meta(metamethod::le, fn<&point::less_equal>);
    m.sync(now_name, fn<&point::now>, {}, now_doc);
    m.sync(epoch_name, fn<&point::epoch>, {}, epoch_doc);
}

template <class Clock>
class_builder<timer<Clock>> describe_timer(module_builder& m, const char* name,
                                           const char* doc) {
    using t = timer<Clock>;
    auto c = m.cls<t>(name, doc);
    c.constructor("new", fn<&t::make>, {},
                  "Makes a timer that has expired: its expiry is the clock's "
                  "epoch.")
        .sync("expires_at", fn<&t::expires_at>,
              {{"tp", "When the timer expires."}},
              "Sets the instant at which the timer expires and cancels the "
              "waits that are pending.",
              "Returns how many waits were canceled; they fail with "
              "{@error operation_aborted}.");
    c.async("wait", fn<&t::wait>, {}, "Waits until the timer has expired.",
            "Completes at once when it has. Fails with {@error "
            "operation_aborted} when "
            "the timer is canceled or its expiry changed.")
        .sync("cancel", fn<&t::cancel>, {},
              "Cancels every pending wait and returns how many there were.",
              "The expiry stays as it is. The waits fail with "
              "{@error operation_aborted}.")
        .property("expiry", fn<&t::expiry>,
                  "When the timer expires, or when it did.");
    return c;
}

} // namespace

void describe(module_builder& m) {
    m.doc("Clocks, timers and sleep. Every duration is a number of seconds.");

    m.async("sleep", fn<&sleep>,
            {{"secs", "How long, in seconds, 0 or more; fractions count."}},
            "Waits until the given time has passed.",
            "Zero lets everything else that is ready run once. Durations "
            "beyond 292 years, infinity among them, never end. NaN and "
            "negative durations are EINVAL. Measured by the steady clock, "
            "which stands still while the machine sleeps.");

    describe_clock<std::chrono::steady_clock>(
        m, "steady_clock.time_point", "steady_clock.now", "steady_clock.epoch",
        "The present, on a clock that never goes back.",
        "The epoch of this clock: on Linux, when the machine started.",
        "Seconds since the epoch of the clock.");
    describe_timer<std::chrono::steady_clock>(
        m, "steady_timer",
        "A timer of the steady clock, which several waits can share.")
        .sync("expires_after", fn<&steady_timer::expires_after>,
              {{"secs", "Seconds from now; may be negative."}},
              "Sets the expiry relative to now and cancels the waits that are "
              "pending.",
              "Returns how many waits were canceled; they fail with "
              "{@error operation_aborted}. Infinity is never; NaN is EINVAL.");

    describe_clock<std::chrono::system_clock>(
        m, "system_clock.time_point", "system_clock.now", "system_clock.epoch",
        "The present, on the wall clock, which can be set at any moment.",
        "1 January 1970, 00:00 UTC.",
        "Seconds since 1 January 1970, 00:00 UTC, leap seconds not counted.");
    describe_timer<std::chrono::system_clock>(
        m, "system_timer",
        "A timer of the wall clock. When the clock is set, a timer that is "
        "waiting follows within five minutes.");

    describe_clock<high_resolution_clock>(
        m, "high_resolution_clock.time_point", "high_resolution_clock.now",
        "high_resolution_clock.epoch",
        "The present, on the clock with the finest ticks; to measure how long "
        "something takes.",
        "The epoch of this clock: on Linux, when the machine started.",
        "Seconds since the epoch of the clock.");
    m.constant("high_resolution_clock.is_steady",
               high_resolution_clock::is_steady,
               "Whether this clock never goes back, even when the time of the "
               "system is set.");
}

} // namespace emilua::time
