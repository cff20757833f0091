-- no nil, no empty or nested table, 255-byte strings, member limit
local fs = require 'filesystem'
local host, guest = require('unix').seqpacket.socket.pair()
guest = guest:release()
local ch = spawn_vm{module = fs.path.new('/nonexistent.lua'),
    subprocess = {init = {script = 'C.read(arg, 1)', arg = guest}}}
guest:close()
local big = {}
for i = 1, 100000 do big[tostring(i)] = i end
local function try(what, v) print(what, (pcall(function() ch:send(v) end))) end
try('255 byte string', ('x'):rep(255))
try('nil', nil)
try('empty table', {})
try('nested table', {a = {b = 1}})
try('256 byte string', ('x'):rep(256))
try('256 byte value', {a = ('x'):rep(256)})
try('256 byte key', {[('k'):rep(256)] = 1})
try('too many members', big)
try('byte_span', byte_span.new(1))
try('function', print)
ch:kill()
