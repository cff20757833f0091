-- env: EMILUA_PATH=$BUILD/test
-- All of a message's objects leave, or none does.
local everything = require 'everything'
local ip = require 'ip'
local inbox = require 'inbox'
local try = require('./m_try').try

local a, b = everything.counter.new(1), everything.counter.new(2)
local arrived = everything.echo_value{list = {a, {b = b}}}
print(arrived.list[1].count, arrived.list[2].b.count)
try('a property', function() return a.count end)
try('a setter', function() a.count = 1 end)
try('a method', function() a:add(1) end)
try('a suspending method', function() a:later() end)
try('an argument', everything.count_of, a)
try('once more', everything.echo_value, {x = {a}})

a = everything.counter.new(1)
local refuses, busy = everything.counter.new(-1), everything.counter.new(2)
try('one that refuses', everything.echo_value, {a, refuses})
busy:set_busy(true)
try('one that is busy', everything.echo_value, {x = {a}, y = busy})
try('with a function', everything.echo_value, {a, print})
try('the same twice', everything.echo_value, {a, a})
print(a.count, refuses.count, busy.count)

local pending = spawn(function() return a:later() end)
this_fiber.yield()
try('while an operation waits', everything.echo_value, a)
try('consumed meanwhile', everything.swallow, a)
print(pending:join(), everything.swallow(a).count)
try('consumed while busy', everything.swallow, busy)
try('consumed once more', everything.swallow, a)
try('what was consumed', function() return a.count end)
local first, second = everything.counter.new(1), everything.counter.new(2)
try('consumed by itself', function() first:absorb(first) end)
try('consumed twice at once', everything.swallow_all, {first, first})
first:absorb(second)
try('absorbed', function() return second.count end)
second = everything.counter.new(7)
print(everything.swallow_after(second, function()
    try('consumed while it is consumed', everything.swallow, second)
    try('sent while it is consumed', everything.echo_value, second)
    print(second.count)
end))
try('consumed in the end', function() return second.count end)
pcall(everything.swallow_after, first, error)
print(first.count)
second = everything.counter.new(-9)
try('consumed in vain', everything.swallow_all, {first, second})
print(first.count, second.count, everything.swallow_all{first})
try('consumed in a list', function() return first.count end)
try('packed by another version', everything.old_counter)

-- Lua says whether it means a word or its text.
local word = everything.word.new('b')
try('a word', everything.kind_of, word)
try('its text', everything.kind_of, 'b')
try('text for a word', everything.join_words, {one = 'a'})
try('text inside', everything.join_words, {one = word, all = {word, 'a'}})
print(everything.join_words{one = word, maybe = word, all = {word, word}, named = {n = word}, either = word})

-- A message that fails gives its objects back.
local counter = everything.counter.new(3)
local channel = everything.echo_value(inbox)
inbox:close()
try('a closed channel', function() channel:send{counter = counter} end)
print(counter.count)

-- An object that arrives and that nobody takes is closed.
local acceptor = ip.tcp.listen('127.0.0.1:0')
local port = acceptor.local_port
everything.echo_value{acceptor}
collectgarbage()
collectgarbage()
try('its port is free again', function() return ip.tcp.listen('127.0.0.1:' .. port).local_port == port end)

-- Unreachable while its operation waits.
spawn(function() print(everything.counter.new(9):later()) end)
this_fiber.yield()
collectgarbage()
