-- Actors of a program that exits may find nobody at the other end any more: nothing about that is printed. Whatever else
-- fails is.
-- env: EMILUA_COLORS=0
-- exit: 7
local ffi, inbox, system, time = require 'ffi', require 'inbox', require 'system', require 'time'
ffi.cdef [[
  int dup2(int, int);
  int memfd_create(const char *, unsigned);
  long pread(int, void *, size_t, long);
]]
if _CONTEXT == 'main' then
  ffi.C.dup2(1, 2)
  local function start (role, elsewhere)
    spawn_vm{ module = '.', inherit_context = not elsewhere }:send{ to = inbox, role = role }
    repeat until inbox:receive() == role
  end
  for _, role in ipairs{ 'receive', 'receive in a fiber', 'send', 'send in a fiber' } do
    start(role, false)
    start(role, true)
  end
  start('fail', false)
  system.exit(7)
else
  local m = inbox:receive()
  m.to:send(m.role)
  local function receive () inbox:receive() end
  local function send_for_ever ()
    while true do
      m.to:send('x')
      time.sleep(0.001)
    end
  end
  if m.role == 'receive' then receive()
  elseif m.role == 'receive in a fiber' then spawn(receive):detach()
  elseif m.role == 'send' then send_for_ever()
  elseif m.role == 'send in a fiber' then spawn(send_for_ever):detach()
  else
    print(pcall(send_for_ever))
    local report, text = ffi.C.memfd_create('report', 0), ffi.new('char[4096]')
    ffi.C.dup2(report, 2)
    spawn(function () error('a fault', 0) end):detach()
    this_fiber.yield()
    ffi.C.dup2(1, 2)
    local size = tonumber(ffi.C.pread(report, text, 4096, 0))
    print(ffi.string(text, size):gsub('\n.*', ''):gsub('0x%x+ %S*/', '0x… ('))
  end
end
