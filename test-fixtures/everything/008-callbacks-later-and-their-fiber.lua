-- env: EMILUA_PATH=$BUILD/test
-- What an operation calls on a later turn runs in the name of the fiber that waits for it.
local everything = require 'everything'
local try = require('./m_try').try

local function later (f) return everything.apply_later(function() f() return 1 end, 1) end

local function identity (name)
    local id, inside = this_fiber.id, nil
    this_fiber.local_.name = name
    later(function()
        inside = this_fiber.id
        print(name, 'is_main', this_fiber.is_main, 'local_', this_fiber.local_.name)
        this_fiber.local_.name = name .. ' told'
    end)
    print(name, inside == id, this_fiber.local_.name)
end
identity 'main'
spawn(function() identity 'other' end):join()
-- A fiber whose first use of local_ is there.
spawn(function()
    later(function() this_fiber.local_.first = 'here' end)
    print(this_fiber.local_.first)
end):join()

-- Cleanup handlers belong to the scope that waits.
local function say (text) return function() print('cleanup', text) end end
scope(function()
    later(function() scope_cleanup_push(say 'of the scope') end)
    print 'in the scope'
end)
scope(function()
    later(function()
        scope(function() scope_cleanup_push(say 'inside') end)
        print 'after inside'
        scope_cleanup_push(say 'taken back')
        scope_cleanup_pop()
    end)
    print 'nothing is left'
end)
spawn(function()
    later(function() scope_cleanup_push(say 'of the fiber') end)
    print 'fiber ends'
end):join()
coroutine.wrap(function()
    later(function() scope_cleanup_push(say 'of the coroutine') end)
    print 'coroutine ends'
end)()
try('no handler', later, function() scope_cleanup_pop() end)
try('fails with a handler', scope, function()
    later(function() scope_cleanup_push(say 'although it fails') error('mine', 0) end)
end)

-- Imports: what comes with Emilua is there; a module of the program would have to wait.
later(function() print(type(require 'regex')) end)
try('a module', later, function() require './m_other' end)
spawn(function()
    local _, e = pcall(later, function() require './m_other' end)
    print('a module in another fiber', (tostring(e):gsub(', required by .*', '')))
end):join()
