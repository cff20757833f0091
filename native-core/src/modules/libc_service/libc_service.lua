-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What of the master gives several values or takes errors as programs of Lua have them.
--
-- chunk(native, libc_service, use) completes the module.

local native, libc_service = ...

local unpack = unpack
local is_system_error = native.is_system_error
local methods = native.written_methods['libc_service.master']
local argument_list, descriptor_list = methods.argument_list, methods.descriptor_list
local send, send_with_fds = methods.send, methods.send_with_fds

local function number_of (errno)
  if is_system_error(errno) then return errno.code end
  return errno
end

function methods.arguments (master)
  return unpack(argument_list(master))
end

function methods.descriptors (master)
  return unpack(descriptor_list(master))
end

function methods.send (master, result, errno)
  return send(master, result, number_of(errno))
end

function methods.send_with_fds (master, result, fds, errno)
  return send_with_fds(master, result, fds, number_of(errno))
end
