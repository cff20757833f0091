--
local unix = require 'unix'
local filesystem = require 'filesystem'
local stream = require 'stream'
local path = filesystem.temp_directory_path() / ('9Lq7BNBnBycd6nxy-s' .. require('system').getpid() .. '.socket')
local a = unix.stream.acceptor.new()
a:open()
a:bind(path)
a:listen()

local function my_client_handler(s) stream.write_all(s, 'served') s:close() end
local server = spawn(function()
    while true do
      local s = a:accept()
      spawn(function()
        my_client_handler(s)
      end)
    end
end)
local c = unix.stream.dial(tostring(path))
local buf = byte_span.new(6)
print(stream.read_all(c, buf), buf)
server:cancel()
server:join()
filesystem.remove(path)
