-- A name that a module does not have is nil, so that programs can ask; what the nil brings about says which name it was.
local ip, stream, system, time = require 'ip', require 'stream', require 'system', require 'time'

print(ip.tpc, time.slep, getmetatable(ip), pcall(setmetatable, ip, nil))
for _, name in ipairs{ 'landlock', 'tcp' } do print(name, ip[name] ~= nil) end

local function try (f, ...)
  local ok, e = pcall(f, ...)
  print(ok, (tostring(e):gsub('^.*lua:%d+: ', '')))
end

try(function () return ip.tpc.socket end)
try(function () time.slep(1) end)
try(function () stream.scaner.new() end)
try(function () return ip.tcp.sokcet.new() end)
try(function () system.exitt(1) end)
try(function () return 1 + system.signal.SIGTREM end)
try(function () return 'at ' .. ip.nothing_like_it end)
try(function () require('asio_error').msc.eof() end)
try(function () require('mutex').nw() end)
try(function () require('runtime').queue.nwe(1) end)
try(function () byte_span.nw(4) end)
try(function () byte_span.new(4):frist() end)

-- The nil may travel before it hurts.
local sleep = time.slep
try(function () sleep(1) end)
local wait = time.slep
try(function () wait(1) end)
sleep_globally = sleep
try(function () sleep_globally(1) end)

-- Of something else with that name nothing is said.
try(function ()
  local nothing = {}
  nothing.slep()
end)
try(function ()
  time
    .slep(1)
end)

-- Globals.
try(function () prnt('x') end)
try(function () return os.time() end)
try(function () return regex.new('x') end)
try(function () nothing_like_it() end)

-- However it is caught.
local function raise () time.slep(1) end
local function keep (e) return e end
try(function () scope(raise) end)
try(function () error(select(2, xpcall(raise, keep)), 0) end)
try(function () coroutine.wrap(raise)() end)
try(function () spawn(raise):join() end)

-- A program that asks for many names loses none that it misspelt.
for i = 1, 1000 do assert(ip['name' .. i] == nil) end
try(function () time.slep(1) end)
