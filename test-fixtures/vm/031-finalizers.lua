-- exit: 3
-- Finalizers run in the middle of anything, and call whatever they like.
local ffi, time, ip, mutex, future, stream = require 'ffi', require 'time', require 'ip', require 'mutex', require 'future', require 'stream'
local system = require 'system'
local function collect (finalizer)
  local seen
  ffi.gc(ffi.new('char[1]'), function (object) seen = { pcall(finalizer, object) } end)
  collectgarbage()
  collectgarbage()
  return unpack(seen)
end
local function try (name, ...)
  print(name, collect(...))
end
try('sleeps', time.sleep, 0)
try('yields', function () this_fiber.yield() end)
try('allows itself to', function () this_fiber.allow_suspend() this_fiber.yield() end)
try('joins', function () local f = spawn(function () end) f:detach() f:join() end)
try('imports', function () return (select(2, pcall(require, './nothing')).id) end)
try('raises', function () error('on purpose', 0) end)
local order = {}
try('scopes', function ()
  scope(function () scope_cleanup_push(function () order[#order + 1] = 'inner' end) end)
  scope_cleanup_push(function () order[#order + 1] = 'outer' end)
end)
print(unpack(order))
-- Not those of the fiber that was interrupted.
print('no handler', pcall(scope_cleanup_pop))
local m = mutex.new()
try('locks', function () return m:try_lock() end)
print('locked', m:try_lock())
local socket = ip.tcp.socket.new()
socket:close()
try('a closed object', function () return socket.local_port end)
local acceptor = ip.tcp.listen('127.0.0.1:0')
try('a member', function () return acceptor.local_port > 0 end)
-- Those that fibers wait for.
local p, f = future.new()
local waiting = spawn(function () return f:get() end)
this_fiber.yield()
try('keeps a promise', function () p:set_value('kept') end)
print(waiting:join())
local spawned
try('spawns', function () spawned = spawn(function () return 'spawned' end) end)
print(spawned:join())
local sleeper = spawn(function () time.sleep(60) end)
this_fiber.yield()
try('cancels', function () sleeper:cancel() end)
sleeper:join()
print(sleeper.cancellation_caught)
local metatype = ffi.metatype('struct { int x; }', { __gc = function (object) print('metatype', object.x, pcall(time.sleep, 0)) end })
metatype(5)
collectgarbage()
collectgarbage()
-- A finalizer that is no function.
local called = 0
local callable = ffi.metatype('struct { int y; }', { __call = function () called = called + 1 error('unseen?') end })()
ffi.gc(ffi.new('char[1]'), setmetatable({}, { __call = function () called = called + 1 end }))
collectgarbage()
collectgarbage()
print('called', called)
-- What is collected when the VM ends.
last = ffi.gc(ffi.new('char[1]'), function ()
  print('at the end', pcall(time.sleep, 0))
  print(pcall(spawn(function () end).join))
  print(pcall(function () return acceptor.local_port > 0 end))
  print(pcall(p.set_value, p, 1))
  print(#byte_span.new(3), coroutine.wrap(function () return 'coroutine' end)())
  system.exit(3)
end)
