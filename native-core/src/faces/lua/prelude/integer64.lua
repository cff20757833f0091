-- SPDX-License-Identifier: MIT OR BSL-1.0
-- 64-bit integers between C++ and the FFI. C++ gives the address of its variable.
--
-- chunk(ffi) returns the functions C++ calls.

local ffi = ...

local signed, unsigned = ffi.typeof 'int64_t', ffi.typeof 'uint64_t'
local signed_pointer, unsigned_pointer = ffi.typeof 'int64_t *', ffi.typeof 'uint64_t *'
local cast, istype = ffi.cast, ffi.istype

return {
  is_one = function (v) return istype(signed, v) or istype(unsigned, v) end,
  -- Whether `v` fits; then it is at `address`.
  read = function (v, address, is_signed)
    if istype(signed, v) then
      if not is_signed and v < 0 then return false end
    elseif not istype(unsigned, v) or (is_signed and v > 0x7fffffffffffffffULL) then
      return false
    end
    cast(unsigned_pointer, address)[0] = cast(unsigned, v)
    return true
  end,
  signed = function (address) return cast(signed_pointer, address)[0] end,
  unsigned = function (address) return cast(unsigned_pointer, address)[0] end
}
