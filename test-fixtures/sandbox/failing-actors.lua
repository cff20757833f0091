-- For 016-reports: an actor that fails in the way that is asked for, and a program that asks for its end or does not.
local fs = require 'filesystem'
local inbox = require 'inbox'
local system = require 'system'

local guests = {
  error = "local function f () error('no') end f()",
  object = "error(require('generic_error').ENOENT)",
  syntax = 'not Lua',
  fiber = "spawn(function () error('in a fiber', 0) end) require('time').sleep(0.01)",
  status = "require('system').exit(3)",
  signal = "require('system').signal.raise(9)",
  init = '',
  control = "error('\\27[31mred\\0\\7', 0)",
  long = "error(('x'):rep(5000), 0)",
  many = "for i = 1, 30 do spawn(function () error('number ' .. i, 0) end) end require('time').sleep(0.01)",
  shared = "error('seen by itself', 0)"
}

local name, word = system.arguments[3], system.arguments[4]
local ch = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = {
  source_tree_cache = { ['guest.lua'] = guests[name] },
  init = name == 'init' and { script = 'C.chdir("/nowhere")' } or nil,
  stderr = name == 'shared' and 'share' or nil
} }
if word == 'asked' then
  ch:closed()
elseif word == 'watched' then
  ch:watch()
  inbox:receive()
else
  -- Its end is awaited, but not asked for.
  pcall(function () while true do ch:send(true) require('time').sleep(0.001) end end)
  if word == 'exits' then system.exit(5) end
end
