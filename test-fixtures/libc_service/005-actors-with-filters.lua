-- SPDX-License-Identifier: MIT OR BSL-1.0
-- An actor of its own process: its runtime asks for the module, its libraries for what they open.
local fs = require 'filesystem'
local generic_error = require 'generic_error'
local inbox = require 'inbox'
local libc_service = require 'libc_service'
local system = require 'system'

local source = fs.path.new(system.arguments[2]).parent_path / 'm_guest.lua'
local master, slave = libc_service.new()
slave.rmdir = [[
  local real, path = ...
  if path == '/filtered' then return 0 end
  return real(path)
]]
local channel = spawn_vm{
  module = fs.path.new('/virtual/guest.lua'), subprocess = { stderr = 'share', libc_service = slave }
}
print(slave.is_open)
print(pcall(spawn_vm, { module = source, subprocess = { libc_service = slave } }))

local asked = {}
local broker = spawn(function ()
  while pcall(function () master:receive() end) do
    local path, flags = master:arguments()
    if tostring(path) == '/virtual/guest.lua' then
      if master.function_ == 'open' then
        local file = fs.open(source, flags)
        master:send_with_fds(0, { file })
        file:close()
      else
        master:send{ type = 'regular', mode = 420, size = 1 }
      end
    elseif master.function_ == 'rmdir' then
      asked[#asked + 1] = 'rmdir ' .. tostring(path)
      master:send(-1, generic_error.EBUSY)
    elseif tostring(path):find '^/etc/' then
      asked[#asked + 1] = master.function_ .. ' ' .. tostring(path)
      master:send(-1, generic_error.EACCES)
    else
      master:use_slave_credentials()
    end
  end
end)
channel:send(inbox)
for _ = 1, 4 do print(inbox:receive()) end
channel:kill()
broker:join()
print(table.concat(asked, ', '))
