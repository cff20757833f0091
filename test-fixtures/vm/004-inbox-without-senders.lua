-- A receive that no message can reach fails instead of waiting for ever; one that a message can reach waits.
local inbox = require 'inbox'
print(pcall(inbox.receive, inbox))
local ok, e = pcall(inbox.receive, inbox)
print(ok, tostring(e.category), e)
