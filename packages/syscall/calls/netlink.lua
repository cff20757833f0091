-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Messages of netlink: put together, sent, and their answers taken apart.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local call = import 'core/call'
local t, pt = types.t, types.pt

local netlink = {}
local header_size, attribute_size = 16, 4

local function aligned (size) return math.floor((size + 3) / 4) * 4 end

-- attribute(kind, data): as bytes, with what it takes to be aligned.
function netlink.attribute (kind, data)
  local header = t.rtattr(attribute_size + #data, kind)
  return ffi.string(header, attribute_size) .. data .. ('\0'):rep(aligned(#data) - #data)
end

function netlink.bytes (object) return ffi.string(object, ffi.sizeof(object)) end

local scratch = {
  [1] = ffi.typeof 'uint8_t[1]', [2] = ffi.typeof 'uint16_t[1]', [4] = ffi.typeof 'uint32_t[1]', [8] = ffi.typeof 'uint64_t[1]'
}

-- A number as `size` bytes in the host's order.
function netlink.integer (number, size)
  return ffi.string(scratch[size](number), size)
end

-- attributes(pointer, length): a table from kind to { pointer, length }.
function netlink.attributes (pointer, length)
  local found = {}
  local at = 0
  while at + attribute_size <= length do
    local raw = pt.rtattr(pointer + at)
    if raw.rta_len < attribute_size or at + raw.rta_len > length then break end
    local kind = bit.band(raw.rta_type, 0x3fff)
    found[kind] = { pointer + at + attribute_size, raw.rta_len - attribute_size }
    at = at + aligned(raw.rta_len)
  end
  return found
end

function netlink.text (attribute) return ffi.string(attribute[1], attribute[2]):match('^%Z*') end
function netlink.uint32 (attribute) return ffi.cast('uint32_t *', attribute[1])[0] end

-- By type of message, { new = function () return what the answer is collected in end,
-- add = function (answer, pointer, length, type) end }.
netlink.decoders = {}

-- Those of a file are known once it is run.
local function decoder_of (kind)
  if not netlink.decoders[kind] then
    for _, name in ipairs { 'links', 'ipaddresses', 'routes' } do import('calls/' .. name) end
  end
  return netlink.decoders[kind] or error('unknown netlink message type ' .. kind, 0)
end


-- Reads one datagram, whatever its size: buffer and number of bytes.
local function receive (fd, size)
  while true do
    local buffer = t.buffer(size)
    local got, err = S.recv(fd, buffer, size, 'peek, trunc')
    if not got then return nil, err end
    if got <= size then
      got, err = S.recv(fd, buffer, size)
      if not got then return nil, err end
      return buffer, got
    end
    size = got
  end
end

-- Takes one datagram apart. What it gives back ends the reading, unless it is nil.
local function take (state, start, got)
  local at = 0
  while at + header_size <= got do
    local header = pt.nlmsghdr(start + at)
    local kind, length = header.nlmsg_type, header.nlmsg_len
    if length < header_size or at + length > got then return 'broken' end
    if kind == S.NLMSG_ERROR then
      local number = pt.nlmsgerr(start + at + header_size).error
      if number ~= 0 then state.errno = -number end
      return 'end'
    elseif kind == S.NLMSG_DONE then
      return 'end'
    elseif kind == S.NLMSG_OVERRUN then
      return 'overrun'
    elseif kind ~= S.NLMSG_NOOP then
      local decoder = decoder_of(kind)
      state.answer = state.answer or decoder.new()
      decoder.add(state.answer, start + at + header_size, length - header_size, kind)
    end
    at = at + aligned(length)
  end
end

function S.nlmsg_read (fd, _, size)
  size = size or 8192
  local state = {}
  while true do
    local buffer, got = receive(fd, size)
    if not buffer then return nil, got end
    local outcome = take(state, ffi.cast('char *', buffer), got)
    if outcome == 'overrun' then
      size, state.answer = size * 2, nil
    elseif outcome == 'broken' then
      return call.fail(S.E.EBADMSG)
    elseif outcome == 'end' then
      if state.errno then return call.fail(state.errno) end
      return state.answer or {}
    end
  end
end

-- request(protocol, kind, flags, body): the answer, or nil and an error. The body is a string behind the header.
function netlink.request (protocol, kind, flags, body)
  local fd, err = S.socket('netlink', 'raw, cloexec', protocol)
  if not fd then return nil, err end
  local sequence = fd:seq()
  local header = t.nlmsghdr(header_size + #body, kind, bit.bor(S.NLM_F_REQUEST, flags), sequence, 0)
  local message = ffi.string(header, header_size) .. body
  local sent
  sent, err = S.sendto(fd, message, nil, 0, t.sockaddr_nl())
  local answer
  if sent then answer, err = S.nlmsg_read(fd) end
  S.close(fd)
  if not answer then return nil, err end
  return answer
end

-- All objects of a kind; `body` says of which family.
function netlink.dump (kind, body) return netlink.request('route', kind, S.NLM_F_DUMP, body) end

-- A change, which the kernel acknowledges.
function netlink.change (kind, flags, body)
  return netlink.request('route', kind, bit.bor(S.NLM_F_ACK, flags), body)
end

return netlink
