--
local watchdog_sock = {write = function(_, msg) print(msg) end}
local function job(fail)
    scope(function()
      scope_cleanup_push(function()
        watchdog_sock:write('errored_msg')
      end)

      if fail then error('lots of IO ops') end

      scope_cleanup_pop(false)
    end)
end
job(false)
print('no error, no message')
print((pcall(job, true)))
