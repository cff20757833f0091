-- file descriptors travel through SCM_RIGHTS
local fs = require 'filesystem'
local pipe = require 'pipe'
local stream = require 'stream'
local file = fs.path.new(require('system').arguments[2]).parent_path / 'g_142.lua'
local pin, pout = pipe.pair()
pout = pout:release()
local copy = pout:dup()
local ch = spawn_vm{module = file, subprocess = {stderr = 'share'}}
ch:send(pout)
ch:send{fd = copy}
-- no end stays here, whether or not sending left one
pcall(function() pout:close() end)
pcall(function() copy:close() end)
local buf = byte_span.new(13)
stream.read_all(pin, buf)
print(buf)
local ok, e = pcall(function() pin:read_some(buf) end)
print(ok, e == require('asio_error').misc.eof)
