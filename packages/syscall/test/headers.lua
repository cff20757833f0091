-- SPDX-License-Identifier: MIT OR BSL-1.0
-- luajit headers.lua PACKAGE ARCH FOLDER: writes C sources that assert, while they are compiled, that the constants,
-- numbers of system calls and structures of the package are those of the headers for that processor.
--
-- Each names what it is about in the text of an assertion, so that an error does. Limits, which grow with every
-- kernel, are left out.

local package_folder, arch, folder = ...
local ffi = require 'ffi'

local loaded = { under_emilua = false }
local S = {}
local function import (name)
  if loaded[name] == nil then loaded[name] = assert(loadfile(package_folder .. '/' .. name .. '.lua'))(S, import) end
  return loaded[name]
end

local written = 0
local function unit (headers, lines)
  if #lines == 0 then return end
  written = written + 1
  local file = assert(io.open(('%s/%03d.c'):format(folder, written), 'w'))
  file:write('#define _GNU_SOURCE\n#include <stddef.h>\n')
  for _, header in ipairs(headers) do file:write('#include <' .. header .. '>\n') end
  file:write(table.concat(lines, '\n'), '\n')
  file:close()
end

local function equal (name, value)
  if math.abs(value) < 2^32 then
    return ('_Static_assert((unsigned)(%s) == (unsigned)%dLL, "%s");'):format(name, value, name)
  end
  return ('_Static_assert((unsigned long long)(%s) == %.0fULL, "%s");'):format(name, value, name)
end

local function names (values)
  local list = {}
  for name in pairs(values) do
    if name ~= 'headers' and not name:find('MAX$') then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

local function files (kind)
  local list = {}
  local names_of = io.popen('ls ' .. package_folder .. '/' .. kind)
  for line in names_of:lines() do
    if line ~= 'init.lua' then list[#list + 1] = kind .. '/' .. line:gsub('%.lua$', '') end
  end
  names_of:close()
  return list
end

for _, file in ipairs(files 'constants') do
  for _, section in ipairs(import(file)) do
    local lines = {}
    if section.headers then
      for _, name in ipairs(names(section)) do lines[#lines + 1] = equal(name, section[name]) end
    end
    unit(section.headers or {}, lines)
  end
end

local particular = import('arch/' .. arch)
local lines = {}
for _, name in ipairs(names(particular.constants)) do lines[#lines + 1] = equal(name, particular.constants[name]) end
unit(particular.headers, lines)
lines = {}
for _, name in ipairs(names(particular.numbers)) do lines[#lines + 1] = equal('__NR_' .. name, particular.numbers[name]) end
unit({ 'asm/unistd.h' }, lines)

-- Structures are made of what they are described as, without what they can do beyond that.
local types = import 'core/types'
types.arch = arch
local subjects = {}
for _, file in ipairs(files 'structs') do
  subjects[#subjects + 1] = file:match('[^/]+$')
  for _, definition in pairs(import(file)) do definition.behaviour = nil end
end
types.define(subjects)

-- Where a member of a member is, "outer.inner".
local function place_of (name, path)
  local place = 0
  for part in path:gmatch('[^.]+') do
    place = place + ffi.offsetof(types.t[name], part)
    for _, field in ipairs(types.definitions[name]) do
      local ctype, _, member = types.parts_of(field)
      if member == part then name = ctype break end
    end
  end
  return place
end

for _, name in ipairs(names(types.definitions)) do
  local definition = types.definitions[name]
  if definition.c then
    local ctype, fields = types.t[name], definition[arch] or definition
    lines = {}
    local open_end = fields[#fields]:find('[?]', 1, true)
    if not definition.differs then
      local size = open_end and ffi.sizeof(ctype, 0) or ffi.sizeof(ctype)
      lines[1] = ('_Static_assert(sizeof(%s) == %d, "%s: size");'):format(definition.c, size, name)
    end
    local function offset (c_name, place, member)
      return ('_Static_assert(offsetof(%s, %s) == %d, "%s.%s");'):format(definition.c, c_name, place, name, member)
    end
    local called = definition.names or {}
    for member, path in pairs(definition.inside or {}) do
      lines[#lines + 1] = offset(called[member] or member, place_of(name, path), member)
    end
    for _, field in ipairs(fields) do
      local _, _, member = types.parts_of(field)
      if member ~= definition.differs and not member:find('pad') and not member:find('^__') then
        lines[#lines + 1] = offset(called[member] or member, ffi.offsetof(ctype, member), member)
      end
    end
    local headers = {}
    for header in (definition.header or definition.glibc):gmatch('%S+') do headers[#headers + 1] = header end
    unit(headers, lines)
  end
end
