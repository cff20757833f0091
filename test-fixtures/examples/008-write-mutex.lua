--
-- env: EMILUA_SHUFFLE=
local stream_write_mtx = require('mutex').new()
local streams = require 'stream'
local stream = {out = ''}
function stream:write_some(b)
  this_fiber.yield()
  local n = math.min(3, #b)
  self.out = self.out .. tostring(b:first(n))
  return n
end
local function send(event_json)
  scope(function()
    stream_write_mtx:lock()
    scope_cleanup_push(function() stream_write_mtx:unlock() end)
    streams.write_all(stream, event_json)
  end)
end
local a = spawn(function() send('{"first":1}\n') end)
local b = spawn(function() send('{"second":2}\n') end)
a:join()
b:join()
print((stream.out:gsub('\n', ';')))
