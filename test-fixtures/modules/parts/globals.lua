first = 1
function second () end
local third = 3
