-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The order of bytes, and addresses as text.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'

function S.htons (x) return bit.rshift(bit.bswap(arguments.number(x)), 16) end
function S.htonl (x) return bit.bswap(arguments.number(x)) end
S.ntohs, S.ntohl = S.htons, S.htonl

local family = flags.one('AF_')
local address_types = { [S.AF_INET] = 'in_addr', [S.AF_INET6] = 'in6_addr' }

local function into (name, text, address)
  if type(text) ~= 'string' then error('the text of an address was expected, not a ' .. type(text), 3) end
  local parsed = types.t[name](text)
  if not parsed then return nil end
  if address == nil then return parsed end
  ffi.copy(types.into(name)(address), parsed, ffi.sizeof(parsed))
  return address
end

function S.inet_aton (text, address) return into('in_addr', text, address) end

function S.inet_ntoa (address)
  if address == nil or ffi.istype(types.t.in6_addr, address) then error('an in_addr was expected', 2) end
  return tostring(types.t.in_addr(address))
end

function S.inet_pton (af, text, address)
  local name = address_types[family(af)]
  if not name then return call.fail(S.E.EAFNOSUPPORT) end
  -- The short forms of inet_aton, "10.1", are none here.
  if name == 'in_addr' and type(text) == 'string' and not text:match('^%d+%.%d+%.%d+%.%d+$') then return nil end
  return into(name, text, address)
end

function S.inet_ntop (af, address)
  local name = address_types[family(af)]
  if not name then return call.fail(S.E.EAFNOSUPPORT) end
  local other = types.t[name == 'in_addr' and 'in6_addr' or 'in_addr']
  if address == nil or ffi.istype(other, address) then error('an ' .. name .. ' was expected', 2) end
  return tostring(types.t[name](address))
end
