-- only descriptors numbered from 3 to 9 are acceptable
-- tags: ambiguous (the reference does not say that other numbers raise)
local system = require 'system'
local r, w = require('pipe').pair()
r = r:release()
for _, fd in ipairs{2, 10, 0, 3} do
    print(fd, (pcall(system.spawn, {program = 'true', arguments = {'true'}, extra_fds = {[fd] = r}})))
end
