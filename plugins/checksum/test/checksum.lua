-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Prints checksums, and how operations end that do not succeed.
local checksum = require 'checksum'
local generic_error = require 'generic_error'

if _CONTEXT == 'worker' then
  require('inbox'):receive():send(checksum.crc32(byte_span.append('from another VM')))
  return
end

print(('%08x'):format(checksum.crc32(byte_span.append('123456789'))))

local hasher = checksum.hasher.new()
for _, piece in ipairs { '123', '', '456789' } do hasher:update(byte_span.append(piece)) end
print(('%08x'):format(hasher.digest), getmetatable(hasher))

local _, e = pcall(checksum.crc32, 'text')
print(e, e.arg)
_, e = pcall(checksum.hash_file, '/nowhere')
print(e:togeneric() == generic_error.ENOENT, e.syscall, e.arg)

print(checksum.hash_file('/dev/null'))

-- Every VM has the module.
spawn_vm('.'):send(require 'inbox')
print(('%08x'):format(require('inbox'):receive()))
print(require 'checksum' == checksum)
