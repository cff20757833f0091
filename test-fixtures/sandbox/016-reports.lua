-- What a program says on standard error of its actors in other processes that fail, and the status it ends with.
local fs = require 'filesystem'
local pipe = require 'pipe'
local stream = require 'stream'
local system = require 'system'

local executable = fs.read_symlink(fs.path.new('/proc/self/exe'))
local here = fs.path.new(system.arguments[2]).parent_path

local function run (name, word)
  local r, w = pipe.pair()
  w = w:release()
  local p = system.spawn{
    program = executable, arguments = { 'emilua', tostring(here / 'failing-actors.lua'), name, word },
    environment = { EMILUA_COLORS = '0', PATH = '/usr/bin:/bin' }, stderr = w
  }
  w:close()
  local buf = byte_span.new(100000)
  local length = 0
  pcall(function ()
    while true do length = length + r:read_some(buf:last(#buf - length)) end
  end)
  p:wait()
  local text = tostring(buf:first(length)):gsub('process %d+', 'process N'):gsub('0x%x+', '0xN')
  print(('%s, %s: status %d'):format(name, word, p.exit_code))
  for line in text:gmatch '[^\n]+' do print('  ' .. (#line > 300 and #line .. ' bytes' or line)) end
end

for _, name in ipairs{ 'error', 'object', 'syntax', 'fiber', 'status', 'init', 'control', 'long', 'many', 'shared' } do
  run(name, 'unseen')
end
for _, name in ipairs{ 'error', 'signal' } do
  run(name, 'asked')
  run(name, 'watched')
end
run('error', 'exits')
