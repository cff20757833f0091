-- bounded; the reference's loop never ends
local f = spawn(function()
    -- this snippet has no cancellation points
    -- exceptions are never raised here
    local i = 0
    while i < 100000 do
        i = i + 1
    end
    return i
end)
f:cancel()
print(f:join(), f.cancellation_caught)
