-- SPDX-License-Identifier: MIT OR BSL-1.0
-- By which of its names a program calls a function: all of them ask.
local generic_error = require 'generic_error'
local libc_service = require 'libc_service'
local pipe = require 'pipe'
local system = require 'system'

local program = [==[
local ffi = require 'ffi'
local buffer = ffi.new 'char[512]'
local here, path = -100, '/v/path'
local int, pointer = 'int', 'void *'
local calls = {
  { int, 'open', 'const char *, int, ...', path, 0 }, { int, 'open64', 'const char *, int, ...', path, 0 },
  { int, '__open_2', 'const char *, int', path, 0 }, { int, '__open64_2', 'const char *, int', path, 0 },
  { int, 'openat', 'int, const char *, int, ...', here, path, 0 }, { int, 'openat64', 'int, const char *, int, ...', here, path, 0 },
  { int, '__openat_2', 'int, const char *, int', here, path, 0 }, { int, '__openat64_2', 'int, const char *, int', here, path, 0 },
  { int, 'creat', 'const char *, unsigned', path, 420 }, { int, 'creat64', 'const char *, unsigned', path, 420 },
  { pointer, 'fopen', 'const char *, const char *', path, 'r' }, { pointer, 'fopen64', 'const char *, const char *', path, 'r' },
  { pointer, 'opendir', 'const char *', path },
  { int, 'stat', 'const char *, void *', path, buffer }, { int, 'stat64', 'const char *, void *', path, buffer },
  { int, '__xstat', 'int, const char *, void *', 1, path, buffer }, { int, '__xstat64', 'int, const char *, void *', 1, path, buffer },
  { int, 'fstatat', 'int, const char *, void *, int', here, path, buffer, 0 }, { int, 'fstatat64', 'int, const char *, void *, int', here, path, buffer, 0 },
  { int, '__fxstatat', 'int, int, const char *, void *, int', 1, here, path, buffer, 0 }, { int, '__fxstatat64', 'int, int, const char *, void *, int', 1, here, path, buffer, 0 },
  { int, 'statx', 'int, const char *, int, unsigned, void *', here, path, 0, 0x7ff, buffer },
  { int, 'lstat', 'const char *, void *', path, buffer }, { int, 'lstat64', 'const char *, void *', path, buffer },
  { int, '__lxstat', 'int, const char *, void *', 1, path, buffer }, { int, '__lxstat64', 'int, const char *, void *', 1, path, buffer },
  { int, 'access', 'const char *, int', path, 4 }, { int, 'faccessat', 'int, const char *, int, int', here, path, 4, 0 },
  { int, 'eaccess', 'const char *, int', path, 4 }, { int, 'euidaccess', 'const char *, int', path, 4 },
  { int, 'mkdir', 'const char *, unsigned', path, 448 }, { int, 'mkdirat', 'int, const char *, unsigned', here, path, 448 },
  { int, 'rmdir', 'const char *', path },
  { int, 'unlink', 'const char *', path }, { int, 'unlinkat', 'int, const char *, int', here, path, 0 }, { int, 'remove', 'const char *', path },
  { int, 'rename', 'const char *, const char *', path, '/v/new' }, { int, 'renameat', 'int, const char *, int, const char *', here, path, here, '/v/new' },
  { int, 'renameat2', 'int, const char *, int, const char *, unsigned', here, path, here, '/v/new', 0 },
}
for _, call in ipairs(calls) do
  ffi.cdef(('%s %s(%s);'):format(call[1], call[2], call[3]))
  for i = 4, #call do if type(call[i]) == 'number' then call[i] = ffi.new('int', call[i]) end end
  ffi.errno(0)
  local result = ffi.C[call[2]](unpack(call, 4))
  local failed = call[1] == int and result == -1 or result == nil
  io.stdout:write(call[2], failed and ' fails with ' or ' works ', ffi.errno(), '\n')
end
]==]

local master, slave = libc_service.new()
local environment = libc_service.environment(3)
environment.PATH = '/bin:/usr/bin'
local out, stdout = pipe.pair()
stdout = stdout:release()
local child = system.spawn{
  program = 'luajit', arguments = { 'luajit', '-e', program }, environment = environment, extra_fds = { [3] = slave },
  stdout = stdout, stderr = stdout
}
stdout:close()
slave:close()
local said, n = byte_span.new(8192), 0
local reading = spawn(function ()
  pcall(function () while true do n = n + out:read_some(said:sub(n + 1)) end end)
end)
local asked = {}
while pcall(function () master:receive() end) do
  local path = tostring((master:arguments()))
  if path:find '^/v/' then
    asked[#asked + 1] = master.function_
    master:send(-1, generic_error.EROFS)
  else
    master:use_slave_credentials()
  end
end
child:wait()
reading:join()
local i = 0
for line in tostring(said:sub(1, n)):gmatch '[^\n]+' do
  i = i + 1
  print(line, asked[i])
end
print(#asked, child.exit_code)
