-- What a script knew is in no memory when the program runs: neither the actor's, nor its init's, nor the fork server's,
-- of which other actors are copies. The server has no words of who started it.
local ffi = require 'ffi'
local fs = require 'filesystem'
local inbox = require 'inbox'
local stream = require 'stream'

ffi.cdef [[
  int open(const char *, int, ...);
  int close(int);
  long pread(int, void *, size_t, long);
  long read(int, void *, size_t);
]]

local function content (path)
  local fd = ffi.C.open(path, 0)
  assert(fd >= 0, path)
  local buffer, parts = ffi.new 'char[65536]', {}
  while true do
    local n = tonumber(ffi.C.read(fd, buffer, 65536))
    if n <= 0 then break end
    parts[#parts + 1] = ffi.string(buffer, n)
  end
  ffi.C.close(fd)
  return table.concat(parts)
end

-- How often a text is in the memory of a process that can be written, and how much of that there is.
local function occurrences (pid, text)
  local fd = ffi.C.open('/proc/' .. pid .. '/mem', 0)
  assert(fd >= 0, 'memory')
  local size = 256 * 1024
  local buffer = ffi.new('char[?]', size)
  local n, seen = 0, 0
  for from, to, rights in content('/proc/' .. pid .. '/maps'):gmatch '(%x+)%-(%x+) (%S+)' do
    if rights:find '^rw' then
      local at, last = tonumber(from, 16), tonumber(to, 16)
      -- What a sanitizer keeps of its own is larger than any memory.
      if last - at > 2^30 then at = last end
      while at < last do
        local got = tonumber(ffi.C.pread(fd, buffer, math.min(size, last - at), at))
        if got <= 0 then break end
        seen = seen + got
        local block, begin = ffi.string(buffer, got), 1
        while true do
          local _, found = block:find(text, begin, true)
          if not found then break end
          n, begin = n + 1, found + 1
        end
        at = at + got
      end
    end
  end
  ffi.C.close(fd)
  return n, seen > 100000
end

local secret = 'the secret of the script'
local wiped = ([[ local known = 'SECRET' local copy = known .. ' and more' C.write(1, '') ]]):gsub('SECRET', secret)
local ch = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = {
  stderr = 'share',
  init = { script = "errexit = false " .. wiped .. (' '):rep(1000) },
  environment = { KNOWN = 'to the program' },
  source_tree_cache = { ['guest.lua'] = [[
    local inbox = require 'inbox'
    local kept = 'as kept by the program'
    inbox:receive():send(require('system').getppid())
    inbox:receive()
    return kept
  ]] }
} }
ch:send(inbox)
local server = inbox:receive()
print('actor', occurrences(ch.child_pid, secret))
print('server', occurrences(server, secret))
-- That it would be found.
print(occurrences(ch.child_pid, 'as kept by the program') > 0, occurrences(ch.child_pid, 'to the program') > 0)
print(occurrences(server, 'as kept by the program'), occurrences(server, 'to the program'))
print((content('/proc/' .. server .. '/cmdline'):gsub('%z', '|')))
print((content('/proc/' .. server .. '/environ'):gsub('%z', '')))
ch:kill()
