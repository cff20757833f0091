---@meta _
-- SPDX-License-Identifier: MIT OR BSL-1.0

---A fiber: a function that runs beside others and gives way where it waits.
---@class fiber
---@field joinable boolean Whether it can be joined: it was neither joined nor detached.
---@field cancellation_caught boolean Whether it ended because it was canceled. Raises EINVAL until join() returned.
local fiber = {}

---Waits until the fiber has ended and gives its results. Its error is raised here. A canceled fiber has no results.
---@async
---@return any ...
function fiber:join() end

---Gives up joining. If it fails, that is reported on the standard error.
function fiber:detach() end

---Asks the fiber to end: its next cancellation point raises.
function fiber:cancel() end

---Writes values as `fmt` says, in the format language of libfmt. Raises EINVAL when they do not fit.
---@param fmt string Such as `"{:>8.2f} {name}"`.
---@param ... boolean|number|string|table|ffi.cdata* Values, integers of 64 bits among them, and pairs of a name and one of these: `{ "name", value }`.
---@return string
function format(fmt, ...) end

---Starts a fiber, which runs when the caller gives way.
---@param f function
---@return fiber
function spawn(f) end

---Calls `f` in a scope of its own: what was pushed inside runs on the way out, in reverse order.
---@param f fun(...): ...
---@param ... any The arguments of `f`.
---@return any ...
function scope(f, ...) end

---Has `f` called when the innermost scope ends.
---@param f function
function scope_cleanup_push(f) end

---Takes what was pushed last out of the scope, and calls it.
---@param execute? boolean `false` does not call it.
function scope_cleanup_pop(execute) end

---The fiber that runs.
---@class this_fiber
---@field is_main boolean Whether it is the main fiber of its module.
---@field id string For people who debug.
---@field local_ table Variables of this fiber alone.
this_fiber = {}

---Lets every other fiber that is ready run first.
---@async
function this_fiber.yield() end

---Makes every attempt to wait raise, until `allow_suspend` was called as often.
function this_fiber.forbid_suspend() end

---Takes back one `forbid_suspend`.
function this_fiber.allow_suspend() end

---Holds cancellation back, until `restore_cancellation` was called as often.
function this_fiber.disable_cancellation() end

---Takes back one `disable_cancellation`.
function this_fiber.restore_cancellation() end

---Where messages to an actor go in.
---@class channel
local channel = {}

---Sends a copy of `message` and does not wait for anybody to take it. Where the inbox has a limit and is full, suspends
---until there is room, or raises EAGAIN.
---@param message any
function channel:send(message) end

---Gives up the right to send.
function channel:close() end

---Suspends until the actor ended: "ended", or what it failed with.
---@return string
function channel:closed() end

---Has the inbox of this program get `{ ended = tag, reason = … }` when the actor ends.
---@param tag? any
function channel:watch(tag) end

---Sends `message` with a field `reply`, a channel for one answer, and suspends until that comes. Raises ETIMEDOUT, and
---channel_closed when nobody is left who could answer.
---@param message table
---@param seconds number
---@return any
function channel:call(message, seconds) end

---Where messages to an actor in another process go in. They are smaller: see the guide "Sandboxes".
---@class remote_channel
---@field child_pid integer The number of the actor's process. ECHILD for an actor that another one has started.
local remote_channel = {}

---Suspends only while the actor has not taken the messages before. Raises channel_closed.
---@param message boolean|number|string|table|file_descriptor.file_descriptor|channel|remote_channel|inbox
function remote_channel:send(message) end

---Gives up the right to send.
function remote_channel:close() end

---Lets the actor outlive this one. ECHILD for an actor that another one has started.
function remote_channel:detach() end

---Sends a signal to the actor's process; SIGKILL closes the channel, too. ECHILD for an actor that another one has
---started, ESRCH when it has ended.
---@param signo? integer SIGKILL without it.
function remote_channel:kill(signo) end

---Suspends until the actor's process has ended: "ended", "exited with status 1", "killed by signal 9".
---@return string
function remote_channel:closed() end

---@class subprocess_init_options
---@field script string See the guide "init.script".
---@field arg? file_descriptor.file_descriptor What the script knows as `arg`.

---What an actor's process is like. Any other field is refused.
---@class subprocess_options
---@field newns_user? boolean
---@field newns_mount? boolean
---@field newns_pid? boolean
---@field newns_net? boolean
---@field newns_ipc? boolean
---@field newns_uts? boolean
---@field environment? table<string, string> Its environment, and nothing else.
---@field stdin? 'share'|file_descriptor.file_descriptor Without it, it has ended.
---@field stdout? 'share'|file_descriptor.file_descriptor Without it, nobody reads it.
---@field stderr? 'share'|file_descriptor.file_descriptor Without it, nobody reads it.
---@field init? subprocess_init_options
---@field source_tree_cache? table<string, string|table> Sources that are looked at before files.
---@field native_modules_cache? string[]|'all' Plugins that are opened here; with a colon, their folders.
---@field libc_service? libc_service.slave What its calls of libc go through; it is handed on.

---How an actor is started. Any other field is refused.
---@class spawn_vm_options
---@field module? string|filesystem.path As `require` takes it; '.' is the module that calls. With `subprocess` a path of that process, or nothing.
---@field subprocess? subprocess_options Starts the actor in a process of its own.
---@field inherit_context? boolean Whether it shares the caller's threads. It does unless this is false.
---@field concurrency_hint? integer|'safe' How many threads will run its context; 'safe' is any number, as without it.
---@field new_master? boolean Whether it takes over from the master VM.
---@field inbox? inbox_options How many messages wait for it. Without it as many as are sent.

---An inbox with a limit.
---@class inbox_options
---@field limit integer How many messages may lie there; 1 or greater.
---@field full? 'wait'|'fail' What `send` does then: it suspends the fiber until there is room, or raises EAGAIN. It waits unless this is 'fail'.

---Starts an actor and gives the channel to its inbox.
---@param module string|spawn_vm_options A module, or options of which `module` is one.
---@return channel|remote_channel
function spawn_vm(module) end

---Adds threads to the pool that runs this VM.
---@param count integer
function spawn_context_threads(count) end

---What the running module is: `main`, `worker`, `test` or another name.
---@type string
_CONTEXT = nil
