-- SPDX-License-Identifier: MIT OR BSL-1.0
local fs = require 'filesystem'
local inbox = require 'inbox'
local ffi = require 'ffi'
ffi.cdef 'int rmdir(const char *);'

local reply = inbox:receive()
reply:send('filtered: ' .. ffi.C.rmdir('/filtered'))
reply:send('asked: ' .. ffi.C.rmdir('/asked') .. ' ' .. ffi.errno())
local ok, e = pcall(fs.open, fs.path.new('/etc/passwd'), { 'read_only' })
reply:send(tostring(ok) .. ' ' .. tostring(e))
reply:send(tostring(fs.exists(fs.path.new('/proc/self'))))
