---@meta inbox
-- SPDX-License-Identifier: MIT OR BSL-1.0

---Where the messages to this VM come out.
---@class inbox
local inbox = {}

---Waits for the next message.
---@async
---@return any
function inbox:receive() end

---Closes the inbox for good: whoever sends gets an error.
function inbox:close() end

return inbox
