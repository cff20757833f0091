---@meta condition_variable
-- SPDX-License-Identifier: MIT OR BSL-1.0

---Waits for something that another fiber changes under a mutex.
local condition_variable = {}

---@class condition_variable
local methods = {}

---@return condition_variable
function condition_variable.new() end

---Gives the mutex back, waits to be notified, and takes the mutex again, also when it is canceled.
---@async
---@param mutex mutex
function methods:wait(mutex) end

---Wakes one fiber that waits.
function methods:notify_one() end

---Wakes every fiber that waits.
function methods:notify_all() end

return condition_variable
