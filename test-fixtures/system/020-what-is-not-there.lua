-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Programs that are there and cannot be run, and what a policy has no part in.
local file, fs = require 'file', require 'filesystem'
local sandbox, stream, system = require 'sandbox', require 'stream', require 'system'

local folder = fs.temp_directory_path() / ('017-' .. system.getpid())
fs.create_directories(folder)
scope_cleanup_push(function () fs.remove_all(folder) end)

local function script (name, first_line)
    local to = file.stream.new(fs.open(folder / name, { 'create', 'write_only' }, fs.mode(7, 0, 0)))
    stream.write_all(to, first_line)
    to:close()
end

local function says (what)
    local ok, e = pcall(what)
    local text = ok and 'nothing' or type(e) == 'table' and e.message or e
    print((text:gsub(tostring(folder):gsub('%p', '%%%0'), 'FOLDER')))
end

script('a', '#!/nowhere/lua -x\n')
script('b', '#! /bin/sh\r\nexit 0\r\n')
says(function () system.spawn{ program = folder / 'a', arguments = { 'a' } } end)
says(function () system.spawn{ program = tostring(folder / 'b'), arguments = { 'b' } } end)
says(function () system.spawn{ program = './a', arguments = { 'a' }, working_directory = folder } end)
says(function () system.spawn{ program = folder / 'c', arguments = { 'c' } } end)

-- The policy has no part in what is not there at all.
local box = sandbox.new{ read = sandbox.system_paths() }
local function in_box (options) return function () box:run(options) end end
says(in_box{ program = folder / 'a' })
says(in_box{ program = folder / 'c' })
says(in_box{ program = 'true', working_directory = folder })
says(in_box{ program = 'true', working_directory = folder / 'c' })

-- What is written into the environment is there when it is asked for again, and for children.
system.environment.EMILUA_017 = 'mine'
print(system.environment.EMILUA_017, system.environment == system.environment)
local child = system.spawn{
    program = 'sh', arguments = { 'sh', '-c', 'test "$EMILUA_017" = mine' }, environment = system.environment
}
child:wait()
print(child.exit_code)
