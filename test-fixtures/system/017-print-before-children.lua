-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What was printed before a child began comes before what the child prints, whoever is faster.
local system = require 'system'
local filesystem = require 'filesystem'
local children = require './m_child'

local mark = filesystem.temp_directory_path() / ('emilua-print-' .. system.getpid())
print('before it')
local child = system.spawn {
    program = 'sh', arguments = { 'sh', '-c', 'echo the child; : > ' .. tostring(mark) },
    environment = children.environment, stdout = 'share', stderr = 'share'
}
-- Nothing in here suspends.
while not filesystem.exists(mark) do end
filesystem.remove(mark)
print('after it')
child:wait()
