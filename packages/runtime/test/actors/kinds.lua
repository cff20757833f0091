-- Sends back what it is sent, and what that is here, to whom the first message names.
local ffi, inbox = require 'ffi', require 'inbox'
local to = inbox:receive()

local function kind(m)
  if type(m) == 'cdata' then return ffi.istype('int64_t', m) and 'int64_t' or 'byte_span' end
  if type(m) == 'table' then return #m > 0 and 'list' or 'table' end
  return type(m) == 'userdata' and getmetatable(m) or type(m)
end

while true do
  local m = inbox:receive()
  to:send{ kind = kind(m.it), it = m.it }
end
