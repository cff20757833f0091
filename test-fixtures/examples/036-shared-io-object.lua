-- three fibers sharing one object; a stub replaces the socket
local sleep = require('time').sleep
local write_mutex = require('mutex').new()
local condition_variable = require('condition_variable')
local log = {}
local ws, app = {}, {}
function ws:ping() sleep(0.001) log.pinged = true end
local reads = 0
function ws:read_some(buf)
    sleep(0.02)
    reads = reads + 1
    if reads == 3 then
        while not log.pinged do sleep(0.01) end
        error('closed by the peer')
    end
    return 1
end
function app:on_ws_read(buf, nread) scope(function()
    write_mutex:lock()
    scope_cleanup_push(function() write_mutex:unlock() end)
    log.handled = (log.handled or 0) + nread
end) end
function app:consume_subscriptions() log.consumed = true end
local m, c = require('mutex').new(), condition_variable.new()
function app:wait_on_subscriptions()
    m:lock()
    scope_cleanup_push(function() m:unlock() end)
    c:wait(m)
end
-- Fiber ping-sender
local f1 = spawn(function()
    while true do
      sleep(0.01)
      write_mutex:lock()
      scope_cleanup_push(function() write_mutex:unlock() end)
      local ok = pcall(function() ws:ping() end)
      if not ok then
        return
      end
      scope_cleanup_pop()
    end
end)
-- Fiber consume-subscriptions
local f2 = spawn(function()
    while true do
      local ok = pcall(function()
        -- `app` may call `write_mutex:lock()`
        app:consume_subscriptions()
      end)
      if not ok then
        return
      end
      -- uses `condition_variable`
      app:wait_on_subscriptions()
    end
end)
-- Fiber main
local buffer = byte_span.new(1024)
while true do
    local ok = pcall(function()
        local nread = ws:read_some(buffer)
        -- `app` may call `write_mutex:lock()`
        app:on_ws_read(buffer, nread)
    end)
    if not ok then
        break
    end
end

f1:cancel()
f2:cancel()
this_fiber.disable_cancellation()
f1:join()
f2:join()
print(log.pinged, log.handled, log.consumed, write_mutex:try_lock(), m:try_lock())
