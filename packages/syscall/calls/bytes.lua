-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What programs need of the FFI, the order of bytes, and addresses as text.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'

S.string = ffi.string
S.sizeof = ffi.sizeof
S.cast = ffi.cast
S.copy = ffi.copy
S.fill = ffi.fill

local void_pointer = ffi.typeof 'void *'
function S.pointer (value) return ffi.cast(void_pointer, value) end

function S.nogc (object) return ffi.gc(object, nil) end

function S.htons (x) return bit.rshift(bit.bswap(x), 16) end
function S.htonl (x) return bit.bswap(tonumber(x)) end
S.ntohs = S.htons
S.ntohl = S.htonl

local family = flags.one('AF_')
local address_types = { [S.AF_INET] = 'in_addr', [S.AF_INET6] = 'in6_addr' }

S.addrtype = setmetatable({}, {
  __index = function (_, af) return types.t[address_types[af]] end
})
S.INADDR_ANY = types.t.in_addr()
S.INADDR_LOOPBACK = types.t.in_addr('127.0.0.1')
S.INADDR_BROADCAST = types.t.in_addr('255.255.255.255')
S.in6addr_any = types.t.in6_addr()
S.in6addr_loopback = types.t.in6_addr('::1')

local function into (name, text, address)
  local parsed = types.t[name](text)
  if not parsed then return nil end
  if address == nil then return parsed end
  ffi.copy(types.into(name)(address), parsed, ffi.sizeof(parsed))
  return address
end

function S.inet_aton (text, address) return into('in_addr', text, address) end

function S.inet_ntoa (address) return tostring(types.t.in_addr(address)) end

function S.inet_pton (af, text, address)
  local name = address_types[family(af)]
  if not name then return call.fail(S.E.EAFNOSUPPORT) end
  -- The short forms of inet_aton, "10.1", are none here.
  if name == 'in_addr' and not text:match('^%d+%.%d+%.%d+%.%d+$') then return nil end
  return into(name, text, address)
end

function S.inet_ntop (af, address)
  local name = address_types[family(af)]
  if not name then return call.fail(S.E.EAFNOSUPPORT) end
  return tostring(types.t[name](address))
end
