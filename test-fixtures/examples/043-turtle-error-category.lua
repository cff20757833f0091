--
-- env: LC_ALL=C
local my_error_category = require "/ex_my_error_category"

local ok, e = pcall(function()
    -- it creates a new error every time,
    -- so you don't need to worry about reusing
    -- old values
    local my_error = my_error_category.EGREGIOUS
    my_error.context = "Lorem ipsum"
    error(my_error)
end)
print(e, e.code, e.context)
ok, e = pcall(function() error(my_error_category[2]) end)
print(e, e.context, e == my_error_category.EGREGIOUS)
for i = 1, 4 do print(i, my_error_category[i]) end
print(my_error_category.EGRATUITOUS == my_error_category[4])
