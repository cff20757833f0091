-- SPDX-License-Identifier: MIT OR BSL-1.0
-- `dial` is composed of several operations: canceled in the last of them, it hangs up.
local ip, tls = require 'ip', require 'tls'

local acceptor = ip.tcp.listen('127.0.0.1:0')
local dialing = spawn(function () tls.dial('localhost:' .. acceptor.local_port) end)
local silent = acceptor:accept()
local buffer = byte_span.new(4096)
silent:read_some(buffer)
dialing:cancel()
dialing:join()
print(dialing.cancellation_caught)
local ok, e
repeat ok, e = pcall(silent.read_some, silent, buffer) until not ok
print(e)
