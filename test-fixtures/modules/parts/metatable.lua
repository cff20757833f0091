shared = 1
return setmetatable({ name = 'own' }, { __index = function (_, key) return 'asked for ' .. key end })
