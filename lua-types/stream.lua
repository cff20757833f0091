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

---Reads a stream record by record and takes records apart into fields.
---@class scanner
---@field stream table|userdata Where the bytes come from.
---@field record_separator string What ends a record: a line feed if it is left out.
---@field field_separator string|fun(record: byte_span): any What lies between fields, or what makes fields of a record.
---@field trim_record boolean|string Whether white space, or these characters, are stripped from both ends.
---@field buffer_size_hint integer The first size of the buffer.
---@field max_record_size integer The largest record.
---@field record_number integer How many records were read.
---@field record_terminator string? What ended the record; empty at the end of the stream.
local scanner = {}

stream.scanner = { mt = {} }

---@param options? table Fields of the scanner.
---@return scanner
function stream.scanner.new(options) end

---A scanner that reads lines, trims them and splits them at white space.
---@param read_stream table|userdata
---@return scanner
function stream.scanner.with_awk_defaults(read_stream) end

---Reads the next record; with a field separator, gives its fields.
---@async
---@return byte_span|byte_span[]|any
function scanner:get_line() end

---The current record as it was read.
---@return byte_span
function scanner:buffered_line() end

---Removes the current record from the buffer.
function scanner:remove_line() end

---The buffer, and the index where what was read begins.
---@return byte_span
---@return integer
function scanner:buffer() end

---Goes on with another buffer.
---@param buffer byte_span
---@param offset? integer Where what was read begins; 1 if it is left out.
function scanner:set_buffer(buffer, offset) end

return stream
