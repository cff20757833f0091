-- join returns the start function's values
local f = spawn(function() this_fiber.yield() return 1, nil, 'three' end)
print(f.joinable)
local r = {n = select('#', f:join())}
print(r.n, f.joinable)
print(spawn(function() return 30, 31, 32 end):join())
print(select('#', spawn(function() end):join()))
