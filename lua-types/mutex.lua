---@meta mutex
-- SPDX-License-Identifier: MIT OR BSL-1.0

---A lock between the fibers of one VM: a fiber that has it cannot take it again.
local mutex = {}

---@class mutex
local methods = {}

---@return mutex
function mutex.new() end

---Takes the lock, and waits while another fiber has it. No cancellation point.
---@async
function methods:lock() end

---Takes the lock if nobody has it; tells whether it did.
---@return boolean
function methods:try_lock() end

---Gives the lock back.
function methods:unlock() end

return mutex
