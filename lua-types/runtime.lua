---@meta runtime
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Structured concurrency: task groups, time limits, races, semaphores and queues between fibers. Durations are
---seconds.
---@class runtime
local runtime = {}

---@class observed_fiber
---@field id string As its program knows it: this_fiber.id.
---@field name? string Of JavaScript: what it was spawned with.
---@field state string "running", "ready", "waiting", or "ended" and not joined.
---@field is_main boolean Whether it is the program's.
---@field canceled boolean Whether it was asked to end.
---@field waits_for? string What it called: "tcp.socket:read_some()".
---@field waits_for_fiber? string The id of the fiber that it joins, or that has its mutex.
---@field where? string FILE:LINE of the program.
---@field in_function? string The function there.
---@field seconds? number How long it has waited.

---@class observed_vm
---@field id string As reports name it.
---@field language string "lua" or "javascript".
---@field role string "main" or "worker".
---@field state string "running", or "waiting" for something to happen.
---@field program? string The program's file.
---@field seconds? number How long since its last turn began; of Lua.
---@field messages? number How many lie in its inbox.
---@field fibers observed_fiber[] Its fibers, oldest first; none of JavaScript that was busy for a second.

---A fiber of a group.
---@class runtime.task
---@field done boolean Whether it has ended.
---@field cancellation_caught boolean Whether it ended because it was canceled.
runtime.task = {}

---Waits until it has ended and gives its results.
---
---Suspends. Any number of fibers may, at any time. Fails as it failed; gives nothing if it was canceled.
---@async
---@return any
function runtime.task:join() end

---Cancels it; the rest of the group goes on.
function runtime.task:cancel() end

---The fibers of one task_group.
---@class runtime.group
runtime.group = {}

---Starts a fiber that does not outlive the group.
---
---EINVAL once the group has ended.
---@param f fun(value1: any): any What it runs; further arguments are passed on.
---@return runtime.task
function runtime.group:spawn(f) end

---Cancels every fiber the group has now. Its function goes on.
function runtime.group:cancel() end

---A number of permits. Who waits longest is served first.
---@class runtime.semaphore
---@field available integer How many permits nobody holds.
runtime.semaphore = {}

---Makes a semaphore.
---@param permits integer How many there are. Not negative.
---@return runtime.semaphore
function runtime.semaphore.new(permits) end

---Takes a permit, and waits for one if there is none.
---
---Suspends. If it is canceled, it took none.
---@async
function runtime.semaphore:acquire() end

---Takes a permit if there is one; tells whether.
---@return boolean
function runtime.semaphore:try_acquire() end

---Gives a permit back.
function runtime.semaphore:release() end

---First in, first out, between fibers. No cancellation loses an item.
---@class runtime.queue
---@field capacity number How many it holds at most.
---@field size integer How many are in it.
---@field closed boolean Whether it was closed.
runtime.queue = {}

---Makes a queue.
---@param capacity number How many items it holds at most: an integer from 0, or math.huge.
---@return runtime.queue
function runtime.queue.new(capacity) end

---Puts an item at the end, and waits while there is no room.
---
---Suspends. If it is canceled, nothing was sent. Raises channel_closed if the queue is closed.
---@async
---@param item any Anything but nil.
function runtime.queue:send(item) end

---Puts an item at the end if there is room; tells whether.
---
---Raises channel_closed if the queue is closed.
---@param item any Anything but nil.
---@return boolean
function runtime.queue:try_send(item) end

---Takes the oldest item, and waits for one if there is none.
---
---Suspends. If it is canceled, nothing was taken. Raises channel_closed once the queue is closed and empty.
---@async
---@return any
function runtime.queue:receive() end

---Takes the oldest item if there is one.
---@return any
function runtime.queue:try_receive() end

---Says that nothing more comes. What is in it can still be received.
function runtime.queue:close() end

---What `for … in` takes: the items until the queue is closed and empty.
---@return any
function runtime.queue:items() end

---Calls `f` with a group to start fibers in, waits for all of them, and gives the results of `f`.
---
---Suspends. The first failure, of a fiber or of `f`, cancels the rest and is raised; if more fail meanwhile, an
---object with all `errors`, the first one first and as its `cause`. If the caller is canceled, so is the group.
---@async
---@param f fun(value1: any): any Gets the group. Runs in a fiber of its own.
---@return any
function runtime.task_group(f) end

---Calls `f`, cancels it when the time is up, and gives its results.
---
---Suspends until `f` has ended, however long that takes. ETIMEDOUT of generic_error, with the field `seconds`, if
---the limit is what ended it, that is if the cancellation left `f`. If `f` succeeds nevertheless, its results are
---kept, however late; if it fails with something else, it is that error.
---@async
---@param seconds number How long it may take, 0 or more; 0 ends it at its first cancellation point, math.huge is no limit.
---@param f fun(value1: any): any Runs in a fiber of its own; further arguments are passed on.
---@return any
function runtime.timeout(seconds, f) end

---Gives the results of the first one to end, and cancels the others.
---
---Suspends until all have ended. Fails as the first one does.
---@async
---@param functions (fun(value1: any): any)[] A list; each runs in a fiber of its own.
---@return any
function runtime.race(functions) end

---What all VMs of a process and their fibers are at, of both languages. The process goes on.
---
---What `emilua --fibers PID` prints. ESRCH if there is no such process or it ended meanwhile, EPERM if it is
---another user's, ENOTSUP if it has no VMs, EAGAIN if it is stopped, ETIMEDOUT if it does not answer. Takes a
---millisecond or two, a second where JavaScript is busy.
---@param pid? integer The process; this one if it is left out.
---@return observed_vm[]
function runtime.vms(pid) end

return runtime
