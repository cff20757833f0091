-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Descriptors of this module and those of Emilua, each made into the other. What is given is closed: the open file
-- changes hands.

local S, import = ...
local descriptors = import 'core/descriptors'
local under_emilua = import 'under_emilua'

-- A descriptor object of a file_descriptor.
function S.from_file_descriptor (object)
  if type(object) ~= 'userdata' then error('a file_descriptor was expected, not a ' .. type(object), 2) end
  if tostring(object) == 'closed file descriptor' then error('the file_descriptor is closed', 2) end
  local copy, err = S.fcntl(object, 'dupfd_cloexec', 0)
  if not copy then return nil, err end
  object:close()
  return copy
end

-- A file_descriptor of a descriptor. The first time it has to be called from the main fiber of a module.
function S.to_file_descriptor (fd)
  if not under_emilua then error('to_file_descriptor: only under emilua', 2) end
  local number = descriptors.fileno(fd)
  -- One of Emilua's own, whose number then means the file that is handed over.
  local pipe = require 'pipe'
  local object, other = pipe.pair()
  other:close()
  object = object:release()
  local placed, err = S.dup(number, descriptors.fileno(object), 'cloexec')
  if not placed then
    object:close()
    return nil, err
  end
  placed:nogc()
  S.close(fd)
  return object
end
