-- modules served from the cache, no filesystem access
-- tags: ambiguous (whether "/" is a component of the tree)
local fs = require 'filesystem'
local inbox = require 'inbox'
local ch = spawn_vm{module = fs.path.new('/app/init.lua'), subprocess = {
    stderr = 'share',
    source_tree_cache = {
        app = {
            ['init.lua'] = [[
                local inbox = require 'inbox'
                local helper = require './helper'
                inbox:receive():send(helper.text)
            ]],
            ['helper.lua'] = "text = 'served from the cache'"
        }
    }
}}
ch:send(inbox)
print(inbox:receive())
