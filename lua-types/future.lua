---@meta future
-- SPDX-License-Identifier: MIT OR BSL-1.0

---A result that several fibers may wait for.
local future = {}

---@class future
local getter = {}

---@class promise
local setter = {}

---@return promise
---@return future
function future.new() end

---Waits for the value and gives it; raises the error that was set instead.
---@async
---@return any
function getter:get() end

---@param value any
function setter:set_value(value) end

---@param error any
function setter:set_error(error) end

return future
