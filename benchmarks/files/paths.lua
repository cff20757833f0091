-- SPDX-License-Identifier: MIT OR BSL-1.0
local rate = require('measure').rate
local path = require('filesystem').path

local base, sink = path.new('/srv/site/pages'), nil

rate('path_join', function(n)
    for _ = 1, n do sink = base / 'a/../b.txt' end
end)

local p = base / 'a/../b.txt'

rate('path_normal', function(n)
    for _ = 1, n do sink = p:lexically_normal() end
end)

rate('path_parts', function(n)
    for _ = 1, n do sink = p.parent_path, p.extension end
end)

rate('path_relative', function(n)
    for _ = 1, n do sink = p:lexically_relative(base) end
end)

assert(sink)
