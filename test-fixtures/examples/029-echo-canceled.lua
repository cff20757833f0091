-- buffer.new/sock:read became byte_span.new/read_some
local global_sock = {}
function global_sock:read_some(buf) this_fiber.yield() print('unreachable read') return 0 end
function global_sock:write_some(buf) print('unreachable write') return #buf end
function echo(sock, buf)
    local nread = sock:read_some(buf)
    sock:write_some(buf:first(nread))
end

local child_fib = spawn(function()
    local buf = byte_span.new(1024)
    echo(global_sock, buf)
end)

child_fib:cancel()
child_fib:join()
print(child_fib.cancellation_caught)
