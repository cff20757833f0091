-- env: EMILUA_PATH=$BUILD/test
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Lists with keys that are no places, and objects that leave while a call uses them, are refused.
local everything = require 'everything'

local function show (name, f, ...)
  local ok, e = pcall(f, ...)
  print(name, ok and 'accepted' or tostring(e), not ok and e.arg, not ok and e.expected)
end

show('a name in a list', everything.echo_strings, { 'a', foo = 'b' })
show('a hole', everything.echo_strings, { [2] = 'b' })
show('names alone', everything.echo_strings, { foo = 'b' })
show('a list', everything.echo_strings, { 'a', 'b' })
show('an empty list', everything.echo_strings, {})

-- The reader of the outer call may have the object already.
local socket = require('ip').tcp.socket.new()
socket:open('v4')
local nested
show('moved by a getter', socket.set_option, socket, 'linger', setmetatable({ enabled = true }, {
  __index = function ()
    local ok, e = pcall(everything.echo_value, socket)
    nested = not ok and e == require('generic_error').EBUSY or e:togeneric() == require('generic_error').EBUSY
  end
}))
print(nested, socket.is_open)
