-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A plugin that loses its handlers: the fiber that waits goes on, with an
-- error. One that throws tells its own.
-- env: EMILUA_PATH=$DIR/../../native-core/build/release/test
local everything = require 'everything'

for _, how in ipairs{'at once', 'later', 'elsewhere', 'throwing', 'from its slot'} do
    local ok, e = pcall(everything.lose, how)
    print(how, ok, tostring(e))
end

-- Several at a time.
local fibers = {}
for i = 1, 3 do
    fibers[i] = spawn(function() everything.lose('elsewhere') end)
end
for _, f in ipairs(fibers) do print((pcall(f.join, f))) end

for _, what in ipairs{'ENOENT', 'memory', 'out of luck'} do
    local _, e = pcall(everything.throw_what, what)
    print(what, tostring(e))
end

-- The end of the program waits for what is being lost.
spawn(function() everything.lose('elsewhere') end)
require('system').exit(0)
