---@meta time
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Clocks, timers and sleep. Every duration is a number of seconds.
---@class time
local time = {}

time.steady_clock = {}

time.system_clock = {}

time.high_resolution_clock = {}

---An instant, exact to the nanosecond. Instants of one clock compare with each other; an instant plus or minus
---seconds is an instant, an instant minus an instant is seconds.
---@class time.steady_clock.time_point
---@field seconds_since_epoch number Seconds since the epoch of the clock.
---@operator add(number): time.steady_clock.time_point
---@operator sub(number): time.steady_clock.time_point
---@operator sub(time.steady_clock.time_point): number
time.steady_clock.time_point = {}

---Moves this instant forward.
---
---Seconds are rounded to the nearest nanosecond, halves to even. What lies more than 292 years from the epoch stops
---there. NaN is EINVAL.
---@param secs number Seconds; may be negative.
function time.steady_clock.time_point:add(secs) end

---Moves this instant back.
---
---Seconds are rounded to the nearest nanosecond, halves to even. What lies more than 292 years from the epoch stops
---there. NaN is EINVAL.
---@param secs number Seconds; may be negative.
function time.steady_clock.time_point:sub(secs) end

---A timer of the steady clock, which several waits can share.
---@class time.steady_timer
---@field expiry time.steady_clock.time_point When the timer expires, or when it did.
time.steady_timer = {}

---Makes a timer that has expired: its expiry is the clock's epoch.
---@return time.steady_timer
function time.steady_timer.new() end

---Sets the instant at which the timer expires and cancels the waits that are pending.
---
---Returns how many waits were canceled; they fail with operation_aborted.
---@param tp time.steady_clock.time_point When the timer expires.
---@return integer
function time.steady_timer:expires_at(tp) end

---Waits until the timer has expired.
---
---Completes at once when it has. Fails with operation_aborted when the timer is canceled or its expiry changed.
---@async
function time.steady_timer:wait() end

---Cancels every pending wait and returns how many there were.
---
---The expiry stays as it is. The waits fail with operation_aborted.
---@return integer
function time.steady_timer:cancel() end

---Sets the expiry relative to now and cancels the waits that are pending.
---
---Returns how many waits were canceled; they fail with operation_aborted. Infinity is never; NaN is EINVAL.
---@param secs number Seconds from now; may be negative.
---@return integer
function time.steady_timer:expires_after(secs) end

---An instant, exact to the nanosecond. Instants of one clock compare with each other; an instant plus or minus
---seconds is an instant, an instant minus an instant is seconds.
---@class time.system_clock.time_point
---@field seconds_since_epoch number Seconds since 1 January 1970, 00:00 UTC, leap seconds not counted.
---@operator add(number): time.system_clock.time_point
---@operator sub(number): time.system_clock.time_point
---@operator sub(time.system_clock.time_point): number
time.system_clock.time_point = {}

---Moves this instant forward.
---
---Seconds are rounded to the nearest nanosecond, halves to even. What lies more than 292 years from the epoch stops
---there. NaN is EINVAL.
---@param secs number Seconds; may be negative.
function time.system_clock.time_point:add(secs) end

---Moves this instant back.
---
---Seconds are rounded to the nearest nanosecond, halves to even. What lies more than 292 years from the epoch stops
---there. NaN is EINVAL.
---@param secs number Seconds; may be negative.
function time.system_clock.time_point:sub(secs) end

---A timer of the wall clock. When the clock is set, a timer that is waiting follows within five minutes.
---@class time.system_timer
---@field expiry time.system_clock.time_point When the timer expires, or when it did.
time.system_timer = {}

---Makes a timer that has expired: its expiry is the clock's epoch.
---@return time.system_timer
function time.system_timer.new() end

---Sets the instant at which the timer expires and cancels the waits that are pending.
---
---Returns how many waits were canceled; they fail with operation_aborted.
---@param tp time.system_clock.time_point When the timer expires.
---@return integer
function time.system_timer:expires_at(tp) end

---Waits until the timer has expired.
---
---Completes at once when it has. Fails with operation_aborted when the timer is canceled or its expiry changed.
---@async
function time.system_timer:wait() end

---Cancels every pending wait and returns how many there were.
---
---The expiry stays as it is. The waits fail with operation_aborted.
---@return integer
function time.system_timer:cancel() end

---An instant, exact to the nanosecond. Instants of one clock compare with each other; an instant plus or minus
---seconds is an instant, an instant minus an instant is seconds.
---@class time.high_resolution_clock.time_point
---@field seconds_since_epoch number Seconds since the epoch of the clock.
---@operator add(number): time.high_resolution_clock.time_point
---@operator sub(number): time.high_resolution_clock.time_point
---@operator sub(time.high_resolution_clock.time_point): number
time.high_resolution_clock.time_point = {}

---Moves this instant forward.
---
---Seconds are rounded to the nearest nanosecond, halves to even. What lies more than 292 years from the epoch stops
---there. NaN is EINVAL.
---@param secs number Seconds; may be negative.
function time.high_resolution_clock.time_point:add(secs) end

---Moves this instant back.
---
---Seconds are rounded to the nearest nanosecond, halves to even. What lies more than 292 years from the epoch stops
---there. NaN is EINVAL.
---@param secs number Seconds; may be negative.
function time.high_resolution_clock.time_point:sub(secs) end

---Waits until the given time has passed.
---
---Zero lets everything else that is ready run once. Durations beyond 292 years, infinity among them, never end. NaN
---and negative durations are EINVAL. Measured by the steady clock, which stands still while the machine sleeps.
---@async
---@param secs number How long, in seconds, 0 or more; fractions count.
function time.sleep(secs) end

---The present, on a clock that never goes back.
---@return time.steady_clock.time_point
function time.steady_clock.now() end

---The epoch of this clock: on Linux, when the machine started.
---@return time.steady_clock.time_point
function time.steady_clock.epoch() end

---The present, on the wall clock, which can be set at any moment.
---@return time.system_clock.time_point
function time.system_clock.now() end

---1 January 1970, 00:00 UTC.
---@return time.system_clock.time_point
function time.system_clock.epoch() end

---The present, on the clock with the finest ticks; to measure how long something takes.
---@return time.high_resolution_clock.time_point
function time.high_resolution_clock.now() end

---The epoch of this clock: on Linux, when the machine started.
---@return time.high_resolution_clock.time_point
function time.high_resolution_clock.epoch() end

---Whether this clock never goes back, even when the time of the system is set.
---@type boolean
time.high_resolution_clock.is_steady = nil

return time
