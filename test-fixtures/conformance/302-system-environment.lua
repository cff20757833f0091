--
-- env: SURFACE_302=some value
local env = require('system').environment
print(type(env), env.SURFACE_302, env.SURFACE_NOT_SET)
