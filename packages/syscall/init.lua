-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The module `syscall`: one flat table of functions, constants and types.
--
-- The sources are read when the module is loaded and compiled when first needed: later the program may have no
-- descriptor left, another root directory, or no right to open files.

local ffi = require 'ffi'

if ffi.os ~= 'Linux' or (ffi.arch ~= 'x64' and ffi.arch ~= 'arm64') then
  error('syscall: this is for Linux on x64 and arm64, not for ' .. ffi.os .. ' on ' .. ffi.arch)
end

-- The name of this file, out of the header of a function's bytecode: emilua has no debug library.
local here = string.dump(function () end):match('@(%Z*)init%.lua') or error('syscall: where is its folder?')
local environment = getfenv(1)

local core = {
  'arguments', 'constants', 'flags', 'types', 'errors', 'signals', 'call', 'descriptors', 'addresses', 'members', 'objects',
  'printed', 'records'
}
local subjects = {
  constants = {
    'errors', 'events', 'files', 'interfaces', 'memory', 'mounts', 'netlink', 'processes', 'signals', 'sockets',
    'system', 'terminals', 'time'
  },
  structs = {
    'aio', 'events', 'files', 'interfaces', 'memory', 'netlink', 'processes', 'signals', 'sockets', 'system', 'terminals',
    'time'
  },
  types = { 'aio', 'events', 'files', 'signals', 'sockets', 'terminals', 'time' },
  calls = {
    'aio', 'at', 'attributes', 'bridges', 'bytes', 'capabilities', 'control', 'descriptors', 'directories',
    'emilua', 'environment', 'epoll', 'fanotify', 'files', 'inotify', 'ipaddresses', 'limits', 'linkchanges', 'links',
    'memory', 'messages', 'mounts', 'names', 'netlink', 'newer', 'notices', 'options', 'polling', 'proc',
    'processes', 'queues', 'restrictions', 'rings', 'routes', 'sandbox', 'scheduling', 'signals', 'sockets', 'system',
    'terminals', 'time', 'timers', 'tracing'
  }
}

ffi.cdef [[
int syscall_source_open(const char *path, int flags) __asm__("open");
intptr_t syscall_source_read(int fd, void *buffer, size_t count) __asm__("read");
int syscall_source_close(int fd) __asm__("close");
]]

local size = 65536
local buffer = ffi.new('char[?]', size)

local function read_source (path)
  local close_on_exec = 0x80000
  local fd = ffi.C.syscall_source_open(path, close_on_exec)
  if fd < 0 then error('syscall: cannot read ' .. path) end
  local parts = {}
  repeat
    local n = tonumber(ffi.C.syscall_source_read(fd, buffer, size))
    if n > 0 then parts[#parts + 1] = ffi.string(buffer, n) end
  until n <= 0
  ffi.C.syscall_source_close(fd)
  return table.concat(parts)
end

local S = {}
local sources, loaded = {}, {}

-- Functions are promised from the start, and replaced by the real ones when one of their file is called.
local promised, real, of_file = {}, {}, {}

-- run(file, chunk): what the program has put in the place of a function stays there.
local function run (file, chunk, import)
  local names, before = of_file[file] or {}, {}
  for _, name in ipairs(names) do before[name] = rawget(S, name) end
  local result = chunk(S, import)
  for _, name in ipairs(names) do
    real[name] = rawget(S, name)
    if before[name] ~= promised[name] then rawset(S, name, before[name]) end
  end
  return result
end

-- import(name): what the file gives, which is run with S and `import` the first time.
local function import (name)
  local known = loaded[name]
  if known ~= nil then return known end
  local source = sources[name] or error('syscall: there is no part ' .. name)
  local chunk = assert(loadstring(source, '@' .. here .. name .. '.lua'))
  setfenv(chunk, environment)
  local result = run(name, chunk, import)
  if result == nil then result = true end
  loaded[name], sources[name] = result, nil
  return result
end

for _, name in ipairs(core) do sources['core/' .. name] = read_source(here .. 'core/' .. name .. '.lua') end
sources['arch/' .. ffi.arch] = read_source(here .. 'arch/' .. ffi.arch .. '.lua')
for folder, names in pairs(subjects) do
  for _, name in ipairs(names) do
    local file = folder .. '/' .. name
    sources[file] = read_source(here .. file .. '.lua')
  end
end

local home = {}
local function member (name)
  import(home[name])
  return real[name]
end
loaded.member = member

-- Asked like this because a program's table of globals may refuse names that it does not have.
loaded.under_emilua = select(2, pcall(function () return _CONTEXT ~= nil end)) == true

local function promise (name, file)
  if home[name] then return end
  home[name] = file
  of_file[file] = of_file[file] or {}
  table.insert(of_file[file], name)
  local own
  promised[name] = function (...)
    if not own then own = member(name) end
    return own(...)
  end
  S[name] = promised[name]
end

-- What a file defines at the start of a line.
for _, name in ipairs(subjects.calls) do
  local file = 'calls/' .. name
  for defined in sources[file]:gmatch('\nfunction S%.([%w_]+)') do promise(defined, file) end
  for line in sources[file]:gmatch('\n(S%.[^\n]-) = ') do
    for defined in line:gmatch('S%.([%w_]+)') do promise(defined, file) end
  end
end

import('core/constants')(subjects.constants)
import('core/types').define(subjects.structs)
import 'core/errors'
import 'core/descriptors'
import 'core/objects'
import 'core/printed'

-- Emilua gives whoever requires a module its environment.
if loaded.under_emilua then setfenv(0, S) end
return S
