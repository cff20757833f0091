---@meta recursive_mutex
-- SPDX-License-Identifier: MIT OR BSL-1.0

---A lock between the fibers of one VM: the fiber that has it may take it again, and gives it back as often.
local recursive_mutex = {}

---@class recursive_mutex
local methods = {}

---@return recursive_mutex
function recursive_mutex.new() end

---Takes the lock, and waits while another fiber has it. No cancellation point.
---@async
function methods:lock() end

---Takes the lock if nobody has it; tells whether it did.
---@return boolean
function methods:try_lock() end

---Gives the lock back.
function methods:unlock() end

return recursive_mutex
