-- spawn_vm resolves module ids like require, root imports too
local inbox = require 'inbox'
local a = spawn_vm('./m_actor')
a:send{from = inbox, body = 'one'}
print(inbox:receive())
local b = spawn_vm('/m_actor')
b:send{from = inbox, body = 'two'}
print(inbox:receive())
