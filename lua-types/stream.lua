---@meta stream
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---What can be done with anything that has read_some or write_some.
---@class stream
local stream = {}

---Reads a stream record by record and takes records apart into fields.
---@class stream.scanner
---@field stream any Where the bytes come from.
---@field record_separator string|regex.regex What ends a record: a line feed if it is left out.
---@field field_separator string|regex.regex|(fun(value1: byte_span): any) What lies between fields, or what makes fields of a record.
---@field field_pattern regex.regex? What fields are, where it is easier to say that. Ignored if there is a field_separator.
---@field trim_record boolean|string Whether white space, or these characters, are stripped from both ends.
---@field buffer_size_hint integer The first size of the buffer.
---@field max_record_size integer The largest record.
---@field record_number integer How many records were read.
---@field record_terminator (string|byte_span)? What ended the record; empty at the end of the stream.
stream.scanner = {}

---Makes a scanner.
---@param options? any A table of properties to begin with.
---@return stream.scanner
function stream.scanner.new(options) end

---A scanner that reads lines, trims them and splits them at white space.
---@param read_stream any What has read_some.
---@return stream.scanner
function stream.scanner.with_awk_defaults(read_stream) end

---Reads the next record; with a field separator, gives its fields.
---
---Suspends. Fails with eof at the end, with EMSGSIZE where a record is larger than max_record_size, with EBUSY
---while another fiber waits in it.
---@async
---@return any
function stream.scanner:get_line() end

---The current record as it was read.
---@return byte_span
function stream.scanner:buffered_line() end

---Removes the current record from the buffer.
function stream.scanner:remove_line() end

---The buffer, and the index where what was read begins.
---@return byte_span buffer
---@return integer offset
function stream.scanner:buffer() end

---Goes on with another buffer.
---@param buffer byte_span The buffer.
---@param offset? integer Where what was read begins; nothing means at its start. Not negative.
function stream.scanner:set_buffer(buffer, offset) end

---Writes all of it and gives the number of bytes.
---
---Suspends. Fails as write_some does; what was written until then is not told.
---@async
---@param stream any What has write_some.
---@param buffer byte_span|string The bytes.
---@return integer
function stream.write_all(stream, buffer) end

---Writes until `minimum` bytes are written, maybe more.
---
---Suspends. Fails as write_some does; what was written until then is not told.
---@async
---@param stream any What has write_some.
---@param buffer byte_span|string The bytes.
---@param minimum integer At most the length of the buffer. Not negative.
---@return integer
function stream.write_at_least(stream, buffer, minimum) end

---Reads until the buffer is full.
---
---Suspends. Fails as read_some does, with eof where the stream ends early; what was read until then is in the
---buffer.
---@async
---@param stream any What has read_some.
---@param buffer byte_span Where the bytes go.
---@return integer
function stream.read_all(stream, buffer) end

---Reads until `minimum` bytes are there, maybe more.
---
---Suspends. Fails as read_some does, with eof where the stream ends early; what was read until then is in the
---buffer.
---@async
---@param stream any What has read_some.
---@param buffer byte_span Where the bytes go.
---@param minimum integer At most the length of the buffer. Not negative.
---@return integer
function stream.read_at_least(stream, buffer, minimum) end

return stream
