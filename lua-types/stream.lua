---@meta stream
-- SPDX-License-Identifier: MIT OR BSL-1.0

---What can be done with anything that has `read_some` or `write_some`.
local stream = {}

---Writes all of it and gives the number of bytes.
---@async
---@param stream table|userdata
---@param buffer byte_span|string
---@return integer
function stream.write_all(stream, buffer) end

---Writes until `minimum` bytes are written, maybe more.
---@async
---@param stream table|userdata
---@param buffer byte_span|string
---@param minimum integer
---@return integer
function stream.write_at_least(stream, buffer, minimum) end

---Reads until the buffer is full.
---@async
---@param stream table|userdata
---@param buffer byte_span
---@return integer
function stream.read_all(stream, buffer) end

---Reads until `minimum` bytes are there, maybe more.
---@async
---@param stream table|userdata
---@param buffer byte_span
---@param minimum integer
---@return integer
function stream.read_at_least(stream, buffer, minimum) end

return stream
