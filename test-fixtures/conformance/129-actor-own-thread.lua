-- inherit_context=false: a blocked VM does not block the others
local inbox = require 'inbox'
if _CONTEXT == 'main' then
    local time = require 'time'
    local ch = spawn_vm{module = '.', inherit_context = false, concurrency_hint = 1}
    local ticks = 0
    local f = spawn(function()
        while true do time.sleep(0.01) ticks = ticks + 1 end
    end)
    this_fiber.yield()
    ch:send(inbox)
    print(inbox:receive())
    local before = ticks
    print(inbox:receive())
    print(ticks > before)
    f:cancel()
else
    local main = inbox:receive()
    require('ffi').cdef'int usleep(unsigned usec);'
    main:send('worker blocks')
    require('ffi').C.usleep(500000)      -- blocks this thread
    main:send('worker done')
end
