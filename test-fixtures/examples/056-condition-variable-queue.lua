--
local condition_variable = require('condition_variable')
local queue_mtx = require('mutex').new()
local queue_cond = condition_variable.new()
local queue = {}
local consume_item = print

local function queue_consumer()
  scope(function()
    scope_cleanup_push(function() queue_mtx:unlock() end)
    queue_mtx:lock()
    while #queue == 0 do
      queue_cond:wait(queue_mtx)
    end
    for _, e in ipairs(queue) do
      consume_item(e)
    end
    queue = {}
  end)
end
local f = spawn(queue_consumer)
this_fiber.yield()
queue_mtx:lock()
queue = {'item 1', 'item 2'}
queue_mtx:unlock()
queue_cond:notify_one()
f:join()
print(#queue)
