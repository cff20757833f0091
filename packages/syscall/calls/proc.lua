-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Processes as /proc shows them.

local S, import = ...
local arguments = import 'core/arguments'

local function printed (process)
  local line = process.cmdline
  if not line or line == '' then
    local name = process.comm
    line = name and '[' .. name:gsub('\n$', '') .. ']' or ''
  end
  return process.pid .. '  ' .. line
end

local process_metatable = {
  __index = function (process, key)
    if type(key) ~= 'string' then return nil end
    local path = rawget(process, 'dir') .. key
    local st = S.lstat(path)
    if not st then return nil end
    if st.islnk then return (S.readlink(path)) end
    if st.isreg then return (S.readfile(path)) end
    return nil
  end,
  __tostring = printed
}

-- A number, or a name like "self".
local function process_number (pid)
  if type(pid) == 'string' then return pid end
  return arguments.number(pid, 'the number of a process', 4)
end

function S.proc (pid)
  pid = pid == nil and S.getpid() or process_number(pid)
  return setmetatable({ pid = pid, dir = '/proc/' .. pid .. '/' }, process_metatable)
end

local list_metatable = {
  __tostring = function (list)
    local lines = {}
    for i, process in ipairs(list) do lines[i] = tostring(process) end
    return table.concat(lines, '\n')
  end
}

function S.ps ()
  local names, err = S.ls('/proc', true)
  if not names then return nil, err end
  local pids = {}
  for _, name in ipairs(names) do
    if name:match('^%d+$') then pids[#pids + 1] = tonumber(name) end
  end
  table.sort(pids)
  local list = {}
  for i, pid in ipairs(pids) do list[i] = S.proc(pid) end
  return setmetatable(list, list_metatable)
end

return { number = process_number }
