---@meta _
-- SPDX-License-Identifier: MIT OR BSL-1.0

---Bytes with a length and a capacity; slices share their memory. Indices count from 1.
---@class byte_span
---@field capacity integer How far it can grow in place.
---@field [integer] integer One byte.
---@operator len: integer
byte_span = {}

---@param length integer
---@param capacity? integer The length if it is left out.
---@return byte_span
function byte_span.new(length, capacity) end

---The same, with zeros up to the capacity.
---@param length integer
---@param capacity? integer
---@return byte_span
function byte_span.with_zeros(length, capacity) end

---Appends to a span, in place where its capacity is enough; without a span at the front, makes one.
---@param ... byte_span|string|nil
---@return byte_span
function byte_span.append(...) end

---A slice of the same memory.
---@param first? integer 1 if it is left out.
---@param last? integer The length if it is left out; up to the capacity.
---@return byte_span
function byte_span:sub(first, last) end

---@param count integer
---@return byte_span
function byte_span:first(count) end

---@param count integer
---@return byte_span
function byte_span:last(count) end

---Copies what fits and gives the number of bytes; the two may overlap.
---@param source byte_span|string
---@return integer
function byte_span:copy(source) end

---@param byte integer From 0 to 255.
---@return byte_span self
function byte_span:fill(byte) end

---@param prefix byte_span|string
---@return boolean
function byte_span:starts_with(prefix) end

---@param suffix byte_span|string
---@return boolean
function byte_span:ends_with(suffix) end

---The index of the first occurrence.
---@param text byte_span|string
---@param first? integer Where the search begins.
---@return integer?
function byte_span:find(text, first) end

---The index of the last occurrence.
---@param text byte_span|string
---@param last? integer The last index that may be the start.
---@return integer?
function byte_span:rfind(text, last) end

---The first byte that is in the set.
---@param set byte_span|string
---@param first? integer Where the search begins.
---@return integer?
function byte_span:find_first_of(set, first) end

---The last byte that is in the set.
---@param set byte_span|string
---@param last? integer The last index that may be the start.
---@return integer?
function byte_span:find_last_of(set, last) end

---The first byte that is not in the set.
---@param set byte_span|string
---@param first? integer Where the search begins.
---@return integer?
function byte_span:find_first_not_of(set, first) end

---The last byte that is not in the set.
---@param set byte_span|string
---@param last? integer The last index that may be the start.
---@return integer?
function byte_span:find_last_not_of(set, last) end

---A slice without such bytes at its ends.
---@param set? byte_span|string White space if it is left out.
---@return byte_span
function byte_span:trimmed(set) end

---Makes ASCII letters small.
function byte_span:inplace_lower() end

---Makes ASCII letters capital.
function byte_span:inplace_upper() end

---@return integer
function byte_span:get_i8() end

---@param value integer
function byte_span:set_i8(value) end

---@return integer
function byte_span:get_u16be() end

---@param value integer
function byte_span:set_u16be(value) end

---@return integer
function byte_span:get_u16le() end

---@param value integer
function byte_span:set_u16le(value) end

---@return integer
function byte_span:get_u24be() end

---@param value integer
function byte_span:set_u24be(value) end

---@return integer
function byte_span:get_u24le() end

---@param value integer
function byte_span:set_u24le(value) end

---@return integer
function byte_span:get_u32be() end

---@param value integer
function byte_span:set_u32be(value) end

---@return integer
function byte_span:get_u32le() end

---@param value integer
function byte_span:set_u32le(value) end

---@return integer
function byte_span:get_u40be() end

---@param value integer
function byte_span:set_u40be(value) end

---@return integer
function byte_span:get_u40le() end

---@param value integer
function byte_span:set_u40le(value) end

---@return integer
function byte_span:get_u48be() end

---@param value integer
function byte_span:set_u48be(value) end

---@return integer
function byte_span:get_u48le() end

---@param value integer
function byte_span:set_u48le(value) end

---@return integer
function byte_span:get_i16be() end

---@param value integer
function byte_span:set_i16be(value) end

---@return integer
function byte_span:get_i16le() end

---@param value integer
function byte_span:set_i16le(value) end

---@return integer
function byte_span:get_i24be() end

---@param value integer
function byte_span:set_i24be(value) end

---@return integer
function byte_span:get_i24le() end

---@param value integer
function byte_span:set_i24le(value) end

---@return integer
function byte_span:get_i32be() end

---@param value integer
function byte_span:set_i32be(value) end

---@return integer
function byte_span:get_i32le() end

---@param value integer
function byte_span:set_i32le(value) end

---@return integer
function byte_span:get_i40be() end

---@param value integer
function byte_span:set_i40be(value) end

---@return integer
function byte_span:get_i40le() end

---@param value integer
function byte_span:set_i40le(value) end

---@return integer
function byte_span:get_i48be() end

---@param value integer
function byte_span:set_i48be(value) end

---@return integer
function byte_span:get_i48le() end

---@param value integer
function byte_span:set_i48le(value) end

---@return number
function byte_span:get_f32be() end

---@param value number
function byte_span:set_f32be(value) end

---@return number
function byte_span:get_f32le() end

---@param value number
function byte_span:set_f32le(value) end

---@return number
function byte_span:get_f64be() end

---@param value number
function byte_span:set_f64be(value) end

---@return number
function byte_span:get_f64le() end

---@param value number
function byte_span:set_f64le(value) end
