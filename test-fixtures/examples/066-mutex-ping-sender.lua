--
local mutex = require('mutex')
local sleep = require('time').sleep
local ws_write_mtx = mutex.new()
local ws = {ping = function() print('ping') end}

local function ping_sender()
  sleep(0.03)
  scope(function()
    scope_cleanup_push(function() ws_write_mtx:unlock() end)
    ws_write_mtx:lock()
    ws:ping()
  end)
end
spawn(ping_sender):join()
print(ws_write_mtx:try_lock())
