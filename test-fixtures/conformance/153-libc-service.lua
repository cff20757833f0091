-- libc calls of the slave arbitrated by the master
-- tags: ambiguous (needs libemilua-libc-service linked in or the equivalent)
local fs = require 'filesystem'
local libc_service = require 'libc_service'
local inbox = require 'inbox'
local pipe = require 'pipe'
local file = fs.path.new(require('system').arguments[2]).parent_path / 'g_153.lua'
local stream = require 'stream'
local generic_error = require 'generic_error'
local master, slave = libc_service.new()
local ch = spawn_vm{module = file, subprocess = {stderr = 'share', libc_service = slave}}
spawn(function()
    while true do
        master:receive()
        local path = master:arguments()
        if tostring(path) == '/virtual/file' and master.function_ == 'open' then
            local pin, pout = pipe.pair()
            stream.write_all(pout, 'virtual bytes')
            master:send_with_fds(0, {pin:release()})
        elseif tostring(path) == '/virtual/file' and master.function_ == 'unlink' then
            master:send(-1, generic_error.EROFS)
        else
            master:use_slave_credentials()
        end
    end
end):detach()
ch:send(inbox)
print(inbox:receive())
print(inbox:receive())
require('system').exit()
