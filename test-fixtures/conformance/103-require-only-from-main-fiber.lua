-- modules may be imported only from the module's main fiber
local f = spawn(function() local m = require('./m_plain') return m end)
print((pcall(function() return f:join() end)))
print(require('./m_plain').name)
print(coroutine.wrap(function() return require('./m_plain').name end)())
