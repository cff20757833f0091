-- SPDX-License-Identifier: MIT OR BSL-1.0
-- One row for each suspending operation: how to bring it to each of its states.
--
--   make()          a fresh set of objects
--   start(c)        the operation, which has to wait
--   let(c)          makes a waiting operation succeed
--   check(c, ...)   looks at the results of a success
--   again(c)        undoes a cancellation where the operation cannot simply be started again
--   prompt          succeeds by itself, so that a cancellation may come too late
--   master_only     only the first VM of a process may make the objects
--   close(c)        closes, or cancels, the object under the operation; a string says why that cannot be
--   gone(c)         makes the peer go away; a string says why there is none
--   repeats         may succeed a few times more before it notices that the peer is gone
--   after_gone      how the operation ends then: a name of an error, 'success', or a list of those

local ip, stream, system, time = require 'ip', require 'stream', require 'system', require 'time'

local listener = ip.tcp.listen('127.0.0.1:0')

local function pair ()
  local client = ip.tcp.socket.new()
  local connecting = spawn(function () client:connect(listener.local_address, listener.local_port) end)
  local server = listener:accept()
  connecting:join()
  return { client = client, server = server, buffer = byte_span.new(5) }
end

-- Writes until nothing can be written: what has to wait once may only have been on its way.
local function fill (stream, buffer)
  local full = 0
  while full < 5 do
    local writer = spawn(function () stream:write_some(buffer) end)
    for _ = 1, 10 do this_fiber.yield() end
    -- A write that has been done is not affected.
    writer:cancel()
    writer:join()
    full = writer.cancellation_caught and full + 1 or 0
  end
end

-- A pair whose client cannot write any more.
local function full_pair ()
  local c = pair()
  -- Sizes that are set do not grow by themselves later.
  c.client:set_option('send_buffer_size', 4096)
  c.server:set_option('receive_buffer_size', 4096)
  c.buffer = byte_span.new(65536)
  fill(c.client, c.buffer)
  return c
end

local function drain (c)
  local buffer = byte_span.new(1048576)
  c.drain = spawn(function ()
    pcall(function () while true do c.server:read_some(buffer) end end)
  end)
  c.drain:detach()
end

-- An acceptor that takes no more connections, so that connecting to it has to wait.
local function full_listener ()
  local acceptor = ip.tcp.acceptor.new()
  acceptor:open('v4')
  acceptor:bind(ip.address.loopback_v4(), 0)
  acceptor:listen(0)
  local c = { acceptor = acceptor, port = acceptor.local_port, waiting = {} }
  repeat
    local socket = ip.tcp.socket.new()
    local connecting = spawn(function () socket:connect(ip.address.loopback_v4(), c.port) end)
    time.sleep(0.02)
    connecting:cancel()
    connecting:join()
    c.waiting[#c.waiting + 1] = socket
  until connecting.cancellation_caught
  return c
end

local function accept_all (c)
  spawn(function ()
    pcall(function () while true do c.acceptor:accept() end end)
  end):detach()
end

local function is_five (_, n) assert(n == 5, tostring(n)) end

local function reader (method)
  return {
    make = pair,
    start = function (c) return c.client[method](c.client, c.buffer) end,
    let = function (c) stream.write_all(c.server, 'hello') end,
    check = function (c, n) assert(tostring(c.buffer:sub(1, n)) == ('hello'):sub(1, n)) end,
    close = function (c) c.client:close() end,
    gone = function (c) c.server:close() end,
    after_gone = 'eof'
  }
end

local function writer (method)
  return {
    make = full_pair,
    start = function (c) return c.client[method](c.client, c.buffer) end,
    let = drain,
    check = function (_, n) assert(n > 0) end,
    close = function (c) c.client:close() end,
    -- Unread data makes the close a reset.
    gone = function (c) c.server:close() end,
    after_gone = { 'ECONNRESET', 'EPIPE' }
  }
end

local hello = byte_span.append('hello')

local function datagrams ()
  local c = { client = ip.udp.socket.new(), server = ip.udp.socket.new(), buffer = byte_span.new(5) }
  for _, socket in ipairs { c.client, c.server } do
    socket:open('v4')
    socket:bind(ip.address.loopback_v4(), 0)
  end
  c.client:connect(c.server.local_address, c.server.local_port)
  c.server:connect(c.client.local_address, c.client.local_port)
  return c
end

local function datagram_reader (method)
  return {
    make = datagrams,
    start = function (c) return c.client[method](c.client, c.buffer) end,
    let = function (c) c.server:send(hello) end,
    check = function (c, n, _, port)
      assert(n == 5 and c.buffer == hello)
      assert(method == 'receive' or port == c.server.local_port)
    end,
    close = function (c) c.client:close() end,
    gone = 'a datagram socket does not notice'
  }
end

local function datagram_writer (start)
  return {
    make = datagrams,
    start = start,
    let = function () end,
    prompt = true,
    check = function () end,
    close = 'it never waits',
    gone = 'a datagram socket does not notice'
  }
end

local function timer (new, now)
  return {
    make = function ()
      local t = new()
      t:expires_at(now() + 1000)
      return { timer = t }
    end,
    start = function (c) return c.timer:wait() end,
    -- Changing the expiry would cancel the wait: a timer of its own ends with time only.
    let = function () time.sleep(0.03) end,
    make_short = function ()
      local t = new()
      t:expires_at(now() + 0.02)
      return { timer = t }
    end,
    check = function () end,
    close = function (c) c.timer:cancel() end,
    gone = 'a timer has no peer'
  }
end

local function resolver (f, ...)
  local arguments = { ... }
  return {
    make = function () return {} end,
    start = function () return f(unpack(arguments)) end,
    let = function () end,
    prompt = true,
    check = function (_, list) assert(type(list) == 'table' and #list > 0) end,
    close = 'there is no object to close',
    gone = 'there is no peer'
  }
end

local function unhandled (tcp)
  return {
    v4 = resolver(tcp.get_address_v4_info, 'localhost', '80'),
    all = resolver(tcp.get_address_info, 'localhost', '80'),
    v6 = resolver(tcp.get_address_v6_info, 'localhost', '80', { 'v4_mapped' }),
    name = resolver(tcp.get_name_info, ip.address.loopback_v4(), 80)
  }
end
local tcp, udp = unhandled(ip.tcp), unhandled(ip.udp)

-- Asks the process that runs the suite for something.
local function ask (what)
  stream.write_all(system.out, '{"ask": "' .. what .. '"}\n')
end

rows = {
  ['time.sleep'] = {
    make = function () return { secs = 1000 } end,
    make_short = function () return { secs = 0.02 } end,
    start = function (c) return time.sleep(c.secs) end,
    let = function () time.sleep(0.03) end,
    check = function () end,
    close = 'there is no object to close',
    gone = 'there is no peer'
  },
  ['time.steady_timer.wait'] = timer(time.steady_timer.new, time.steady_clock.now),
  ['time.system_timer.wait'] = timer(time.system_timer.new, time.system_clock.now),

  ['ip.tcp.get_address_info'] = tcp.all,
  ['ip.tcp.get_address_v4_info'] = tcp.v4,
  ['ip.tcp.get_address_v6_info'] = tcp.v6,
  ['ip.tcp.get_name_info'] = tcp.name,
  ['ip.udp.get_address_info'] = udp.all,
  ['ip.udp.get_address_v4_info'] = udp.v4,
  ['ip.udp.get_address_v6_info'] = udp.v6,
  ['ip.udp.get_name_info'] = udp.name,

  ['ip.tcp.dial'] = {
    make = full_listener,
    start = function (c) return ip.tcp.dial('127.0.0.1:' .. c.port) end,
    let = accept_all,
    check = function (_, socket) assert(socket.is_open) end,
    close = 'there is no object to close',
    gone = 'it goes away before it is there'
  },
  ['ip.tcp.listen'] = {
    make = function () return {} end,
    start = function () return ip.tcp.listen('localhost:0') end,
    let = function () end,
    prompt = true,
    check = function (_, acceptor) assert(acceptor.is_open) end,
    close = 'there is no object to close',
    gone = 'there is no peer'
  },
  ['ip.tcp.socket.connect'] = {
    make = function ()
      local c = full_listener()
      c.client = ip.tcp.socket.new()
      return c
    end,
    start = function (c) return c.client:connect(ip.address.loopback_v4(), c.port) end,
    let = accept_all,
    again = function (c) c.client:close() end,
    check = function (c) assert(c.client.remote_port == c.port) end,
    close = function (c) c.client:close() end,
    gone = 'it goes away before it is there'
  },
  ['ip.tcp.socket.read_some'] = reader('read_some'),
  ['ip.tcp.socket.receive'] = reader('receive'),
  ['ip.tcp.socket.write_some'] = writer('write_some'),
  ['ip.tcp.socket.send'] = writer('send'),
  ['ip.tcp.socket.wait'] = {
    make = pair,
    start = function (c) return c.client:wait('read') end,
    let = function (c) stream.write_all(c.server, 'hello') end,
    check = function (c) is_five(c, c.client:read_some(c.buffer)) end,
    again = function (c) stream.write_all(c.server, 'hello') end,
    close = function (c) c.client:close() end,
    gone = function (c) c.server:close() end,
    after_gone = 'success'
  },
  ['ip.tcp.acceptor.accept'] = {
    make = function () return { acceptor = ip.tcp.listen('127.0.0.1:0') } end,
    start = function (c) return c.acceptor:accept() end,
    let = function (c) c.client = ip.tcp.dial('127.0.0.1:' .. c.acceptor.local_port) end,
    check = function (c, socket) assert(socket.remote_port == c.client.local_port) end,
    close = function (c) c.acceptor:close() end,
    gone = 'there is no peer yet'
  },
  ['ip.tcp.acceptor.wait'] = {
    make = function () return { acceptor = ip.tcp.listen('127.0.0.1:0') } end,
    start = function (c) return c.acceptor:wait('read') end,
    let = function (c) c.client = ip.tcp.dial('127.0.0.1:' .. c.acceptor.local_port) end,
    check = function (c) assert(c.acceptor:accept().is_open) end,
    close = function (c) c.acceptor:close() end,
    gone = 'there is no peer yet'
  },

  ['ip.udp.dial'] = {
    make = function () return {} end,
    start = function () return ip.udp.dial('localhost:9') end,
    let = function () end,
    prompt = true,
    check = function (_, socket) assert(socket.remote_port == 9) end,
    close = 'there is no object to close',
    gone = 'there is no peer'
  },
  ['ip.udp.socket.connect'] = datagram_writer(function (c)
    return c.client:connect(c.server.local_address, c.server.local_port)
  end),
  ['ip.udp.socket.receive'] = datagram_reader('receive'),
  ['ip.udp.socket.receive_from'] = datagram_reader('receive_from'),
  ['ip.udp.socket.send'] = datagram_writer(function (c) return c.client:send(hello) end),
  ['ip.udp.socket.send_to'] = datagram_writer(function (c)
    return c.client:send_to(hello, c.server.local_address, c.server.local_port)
  end),

  ['system.standard_input.read_some'] = {
    make = function () return { buffer = byte_span.new(5) } end,
    start = function (c) return system.in_:read_some(c.buffer) end,
    let = function () ask('input') end,
    check = is_five,
    close = 'it belongs to the process',
    gone = function () ask('end of input') end,
    after_gone = 'eof'
  },
  ['system.standard_output.write_some'] = {
    make = function ()
      local c = { buffer = byte_span.new(65536) }
      fill(system.err, c.buffer)
      return c
    end,
    start = function (c) return system.err:write_some(c.buffer) end,
    let = function () ask('read errors') end,
    check = function (_, n) assert(n > 0) end,
    close = 'it belongs to the process',
    gone = function () ask('close errors') end,
    repeats = true,
    after_gone = 'EPIPE'
  },
  ['system.signal.set.wait'] = {
    master_only = true,
    make = function () return { set = system.signal.set.new(system.signal.SIGUSR1) } end,
    start = function (c) return c.set:wait() end,
    let = function () system.signal.raise(system.signal.SIGUSR1) end,
    check = function (_, signal) assert(signal == system.signal.SIGUSR1) end,
    close = function (c) c.set:cancel() end,
    gone = 'there is no peer'
  }
}
