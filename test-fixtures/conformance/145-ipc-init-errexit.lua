-- errexit=true aborts the process; the peer sees EOF
local unix = require 'unix'
local host, guest = unix.seqpacket.socket.pair()
guest = guest:release()
local ch = spawn_vm{module = require('filesystem').path.new('/nonexistent.lua'), subprocess = {
    init = {arg = guest, script = [[
        C.write(arg, 'before')
        C.open('/nonexistent/x', C.O_RDONLY)
        C.write(arg, 'unreachable')
    ]]}}}
guest:close()
local buf = byte_span.new(100)
print(buf:first(host:receive(buf)))
local ok, e = pcall(function() return host:receive(buf) end)
print(ok, e == require('asio_error').misc.eof)
