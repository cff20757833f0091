--
local mt = {a = 0.5, mean_ = 0, f = 0}
mt.__index = mt
function mt:new_sample(sample)
    self.mean_ = self.a * sample + (1 - self.a) * self.mean_
    self.f = self.a + (1 - self.a) * self.f
end
local o = setmetatable({}, mt)
local f = spawn(function() o:new_sample(10) o:new_sample(20) end)
f:cancel()
f:join()
print(o.mean_, o.f)
