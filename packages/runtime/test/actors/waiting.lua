-- Ends only when nobody can send to it any more.
local inbox = require 'inbox'
inbox:receive()
