--
-- env: LC_ALL=C
local generic_error = require 'generic_error'

local ok, e = pcall(function()
    local my_error = generic_error.EINVAL
    my_error.arg = 1
    error(my_error)
end)
print(ok, e, e.arg, e == generic_error.EINVAL)
