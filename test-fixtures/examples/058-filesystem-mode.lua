--
local fs = require "filesystem"
local function mode(user, group, other)
    return bit.bor(bit.lshift(user, 6), bit.lshift(group, 3), other)
end
print(fs.mode(7, 5, 0) == mode(7, 5, 0), fs.mode(6, 4, 4))
print(fs.mode("set_uid"), fs.mode("set_gid"), fs.mode("sticky_bit"))
