-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Members that are no functions of this module: what programs need of the FFI, and objects that are made once.

local S, import = ...
local ffi = require 'ffi'
local t = import('core/types').t

S.string, S.sizeof, S.cast, S.copy, S.fill = ffi.string, ffi.sizeof, ffi.cast, ffi.copy, ffi.fill

local void_pointer = ffi.typeof 'void *'
function S.pointer (value) return ffi.cast(void_pointer, value) end

function S.nogc (object) return ffi.gc(object, nil) end

S.INADDR_ANY, S.INADDR_LOOPBACK, S.INADDR_BROADCAST = t.in_addr(), t.in_addr('127.0.0.1'), t.in_addr('255.255.255.255')
S.in6addr_any, S.in6addr_loopback = t.in6_addr(), t.in6_addr('::1')
S.addrtype = { [S.AF_INET] = t.in_addr, [S.AF_INET6] = t.in6_addr }
S.encapnames = { [S.ARPHRD_ETHER] = 'Ethernet', [S.ARPHRD_LOOPBACK] = 'Local Loopback' }
S.RLIM_INFINITY = 0xffffffffffffffffULL
