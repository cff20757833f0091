-- A question to an actor of another process, and who hears how one ends.
local fs = require 'filesystem'
local inbox = require 'inbox'
local pipe = require 'pipe'
local system = require 'system'
local time = require 'time'

-- What went wrong, without numbers that vary.
local function shown (e)
  return (tostring(e):gsub('process %d+', 'process N'))
end

local function failure (f, ...)
  local ok, e = pcall(f, ...)
  return ok, ok and e or shown(e)
end

local function start (guest)
  return spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = { source_tree_cache = { ['guest.lua'] = guest } } }
end

local server = [[
  local inbox = require 'inbox'
  local kept = {}
  while true do
    local job = inbox:receive()
    if job.n then job.reply:send(job.n * job.n) end
    if job.keep then kept[#kept + 1] = job.reply end
    if job.late then
      local ok, e = pcall(kept[1].send, kept[1], 'late')
      job.reply:send{ ok = ok, why = tostring(e) }
    end
    if job.stop then error('no more', 0) end
  end
]]

local ch = start(server)
print(ch:call({ n = 12 }, 5))
-- Many at once, each with its own answer.
local fibers = {}
for i = 1, 50 do fibers[i] = spawn(function () return ch:call({ n = i, reply = 'replaced' }, 5) end) end
local right = 0
for i, f in ipairs(fibers) do if f:join() == i * i then right = right + 1 end end
print(right)

print(failure(ch.call, ch, { keep = true }, 0.01))
local answer = ch:call({ late = true }, 5)
print(answer.ok, answer.why)
print(failure(ch.call, ch, { other = true }, 5))
for _, arguments in ipairs{ { {}, -1 }, { 5, 1 }, { { n = {} }, 1 }, { { 1, 2 }, 1 } } do
  print(failure(ch.call, ch, unpack(arguments)))
end
local waiting = spawn(function () ch:call({ keep = true }, 1000) end)
spawn(function () waiting:cancel() end):detach()
waiting:join()
print('canceled', waiting.cancellation_caught)

-- The inbox hears of each end once, with the tag, in the order of the ends.
ch:watch('first')
ch:watch{ name = 'second', number = 2 }
print(failure(ch.call, ch, { stop = true }, 5))
for i = 1, 2 do
  local m = inbox:receive()
  print(type(m.ended) == 'table' and m.ended.name or m.ended, m.reason)
end
ch:watch('too late')
local m = inbox:receive()
print(m.ended, m.reason)
print(failure(ch.send, ch, { n = 1 }))
print(failure(ch.call, ch, { n = 1 }, 1))

-- Also when the channel is closed, or not there any more.
local function watched (guest, tag, more)
  local ch = start(guest)
  ch:watch(tag)
  if more then more(ch) end
end
watched('require("system").exit(3)', 'status')
local status = inbox:receive()
print(status.ended, status.reason)
watched('pcall(function () require("inbox"):receive() end)', 'closed', function (ch) ch:close() end)
collectgarbage()
collectgarbage()
local closed = inbox:receive()
print(closed.ended, closed.reason)
watched('require("inbox"):receive()', 'killed', function (ch) ch:kill() end)
local killed = inbox:receive()
print(killed.ended, killed.reason)

-- Only who started it.
local address = (function ()
  local other = start[[
    local inbox = require 'inbox'
    inbox:receive():send(inbox)
    inbox:receive()
  ]]
  other:send(inbox)
  local address = inbox:receive()
  spawn(function () other:closed() end):detach()
  return address
end)()
print(failure(address.watch, address, 1))
print(failure(address.call, address, { n = 1 }, 5))

-- A program does not wait for what it has let go, though it watches that.
local r, w = pipe.pair()
w = w:release()
local executable = fs.read_symlink(fs.path.new('/proc/self/exe'))
local here = fs.path.new(system.arguments[2]).parent_path
local p = system.spawn{
  program = executable, arguments = { 'emilua', tostring(here / 'watching-parent.lua') }, stdout = w
}
w:close()
p:wait()
print('its parent', p.exit_code)
local buf = byte_span.new(100)
print((tostring(buf:first(r:read_some(buf))):gsub('\n', '')))
