-- The body of a module runs on a Lua thread and with globals of its own, but as the fiber that imports it.
this_fiber.local_.mark = 'of the importer'
mine = 'a global of the program'
local module = require './modules/body'
print('id', module.id == this_fiber.id)
print('is_main', module.is_main)
print('local_', module.mark, this_fiber.local_.answer)
print('_CONTEXT', ('%q'):format(module.context), _CONTEXT)
print('running', module.running)
print('yield', module.yielded, tostring(module.yield_error))
print('thread', module.globals == module, module.globals == _G, getfenv(0) == _G)
print('global of the program', module.seen)
print('string loaded there', module.loaded)
print('scope', module.order)
-- What the body replaced its environment with is the module.
local replaced = require './modules/replaced'
print('replaced', replaced.name, replaced.before, require './modules/replaced' == replaced)
-- An error comes out as it was raised, and the next attempt runs the body anew.
for _ = 1, 2 do
  local ok, e = pcall(require, './modules/failing')
  print('failing', ok, type(e), e.attempt, e.cleaned)
end
-- Bodies suspend like any other code of their fiber, and not where it is forbidden.
local other = spawn(function () return 'meanwhile' end)
print('suspending', require './modules/suspending'.name, other:join())
this_fiber.forbid_suspend()
print('forbidden', select(2, pcall(require, './modules/plain')))
this_fiber.allow_suspend()
print('allowed', require './modules/plain'.name)
