-- the address of one actor can be sent to another process
-- tags: ambiguous (the older implementation cannot forward a channel of an IPC actor)
local fs = require 'filesystem'
local inbox = require 'inbox'
local file = fs.path.new(require('system').arguments[2]).parent_path / 'g_147.lua'
local a = spawn_vm{module = file, subprocess = {stderr = 'share'}}
local b = spawn_vm{module = file, subprocess = {stderr = 'share'}}
a:send{peer = b, main = inbox}
print(inbox:receive())
