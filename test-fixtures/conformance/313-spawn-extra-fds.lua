-- fds 3 to 9, numbered by the key
local system = require 'system'
local fs = require 'filesystem'
local pipe = require 'pipe'
local r, w = pipe.pair()
w = w:release()
local r2, w2 = pipe.pair()
require('stream').write_all(w2, 'from fd 7\n')
r2 = r2:release()
local p = system.spawn{program = fs.path.new('/bin/sh'),
    arguments = {'sh', '-c', 'read x <&7; echo "$x" >&3; echo again >&9'},
    extra_fds = {[3] = w, [7] = r2, [9] = w}}
w:close()
p:wait()
local buf = byte_span.new(100)
local n = require('stream').read_at_least(r, buf, 16)
print((tostring(buf:first(n)):gsub('\n', '|')), p.exit_code)
local ok, e = pcall(r.read_some, r, buf)
print(ok, e == require('asio_error').misc.eof)
