// SPDX-License-Identifier: MIT OR BSL-1.0
import { isEof } from '@emilua/errors'
import * as ip from '@emilua/ip'
import * as system from '@emilua/system'
import * as time from '@emilua/time'
import { inbox, spawnVm } from '@emilua/runtime'
import { writeAll } from '@emilua/stream'
import assert from 'node:assert'
import { writeSync } from 'node:fs'

/**
 * One row for each suspending operation: how to bring it to each of its states. The same columns as in rows.lua, and
 *
 *   repeats         may succeed a few times more before it notices that the peer is gone
 *   afterClose      how the operation ends when its object is closed, if not as aborted
 *   mainThreadOnly  only the main thread may make the objects
 *   withoutSignal   why it takes no signal
 *   buffer          the name of the property of `c` that holds the operation's buffer
 */

const listener = await ip.tcp.listen('127.0.0.1:0')

async function pair () {
  const accepting = listener.accept()
  const client = await ip.tcp.dial(`127.0.0.1:${listener.localPort}`)
  return { client, server: await accepting, buffer: new Uint8Array(5) }
}

/** Whether `start` does not end by itself. */
async function waits (start) {
  const controller = new AbortController()
  const operation = start({ signal: controller.signal }).then(() => false, () => true)
  await turns(3)
  controller.abort()
  return operation
}

/** Lets the loop go round `n` times. */
export async function turns (n) {
  for (let i = 0; i < n; i++) await new Promise(resolve => setImmediate(resolve))
}

/** A pair whose client cannot write any more. */
async function fullPair () {
  const c = await pair()
  // Sizes that are set do not grow by themselves later.
  c.client.setOption('send_buffer_size', 4096)
  c.server.setOption('receive_buffer_size', 4096)
  c.buffer = new Uint8Array(65536)
  await fill(options => c.client.writeSome(new Uint8Array(65536), options))
  return c
}

/** Writes until nothing can be written: what has to wait once may only have been on its way. */
async function fill (write) {
  for (let full = 0; full < 5; full++) {
    if (!await waits(write)) full = 0
  }
}

function drain (c) {
  const read = async () => { for (;;) await c.server.readSome(new Uint8Array(1048576)) }
  read().catch(() => {})
}

/** An acceptor that takes no more connections, so that connecting to it has to wait. */
async function fullListener () {
  const acceptor = new ip.tcp.Acceptor()
  acceptor.open('v4')
  acceptor.bind(ip.Address.loopbackV4(), 0)
  acceptor.listen(0)
  const c = { acceptor, port: acceptor.localPort, waiting: [] }
  let full = false
  while (!full) {
    const socket = new ip.tcp.Socket()
    c.waiting.push(socket)
    const signal = AbortSignal.timeout(20)
    full = await socket.connect(ip.Address.loopbackV4(), c.port, { signal }).then(() => false, () => true)
  }
  return c
}

function acceptAll (c) {
  const accept = async () => { for (;;) await c.acceptor.accept() }
  accept().catch(() => {})
}

const isFive = (c, n) => assert.equal(n, 5)

function reader (method) {
  return {
    make: pair,
    start: (c, options) => method === 'receive' ? c.client.receive(c.buffer, [], options) : c.client.readSome(c.buffer, options),
    let: c => writeAll(c.server, 'hello'),
    check: (c, n) => assert.equal(new TextDecoder().decode(c.buffer.subarray(0, n)), 'hello'.slice(0, n)),
    close: c => c.client.close(),
    gone: c => c.server.close(),
    afterGone: ['eof'],
    buffer: 'buffer'
  }
}

function writer (method) {
  return {
    make: fullPair,
    start: (c, options) => method === 'send' ? c.client.send(c.buffer, [], options) : c.client.writeSome(c.buffer, options),
    let: drain,
    check: (c, n) => assert(n > 0),
    close: c => c.client.close(),
    gone: c => c.server.close(),
    afterGone: ['ECONNRESET', 'EPIPE'],
    buffer: 'buffer'
  }
}

const hello = new TextEncoder().encode('hello')

async function datagrams () {
  const [client, server] = [new ip.udp.Socket(), new ip.udp.Socket()]
  for (const socket of [client, server]) {
    socket.open('v4')
    socket.bind(ip.Address.loopbackV4(), 0)
  }
  await client.connect(server.localAddress, server.localPort)
  await server.connect(client.localAddress, client.localPort)
  return { client, server, buffer: new Uint8Array(5) }
}

function datagramReader (start, check) {
  return {
    make: datagrams,
    start,
    let: c => c.server.send(hello),
    check,
    close: c => c.client.close(),
    gone: 'a datagram socket does not notice',
    buffer: 'buffer'
  }
}

function datagramWriter (start) {
  return {
    make: datagrams,
    start,
    let: () => {},
    prompt: true,
    check: () => {},
    close: 'it never waits',
    gone: 'a datagram socket does not notice'
  }
}

function timer (Timer, clock) {
  const make = seconds => {
    const timer = new Timer()
    timer.expiresAt(clock.now().add(seconds))
    return { timer }
  }
  return {
    make: () => make(1000),
    makeShort: () => make(0.02),
    start: (c, options) => c.timer.wait(options),
    let: () => time.sleep(0.03),
    check: () => {},
    close: c => c.timer.cancel(),
    gone: 'a timer has no peer'
  }
}

function resolver (resolve) {
  return {
    make: () => ({}),
    start: (c, options) => resolve(options),
    let: () => {},
    prompt: true,
    check: (c, list) => assert(list.length > 0),
    close: 'there is no object to close',
    gone: 'there is no peer'
  }
}

function resolvers (space, protocol) {
  return {
    [`ip.${space}.get_address_info`]: resolver(o => protocol.getAddressInfo('localhost', '80', [], o)),
    [`ip.${space}.get_address_v4_info`]: resolver(o => protocol.getAddressV4Info('localhost', '80', [], o)),
    [`ip.${space}.get_address_v6_info`]: resolver(o => protocol.getAddressV6Info('localhost', '80', ['v4_mapped'], o)),
    [`ip.${space}.get_name_info`]: resolver(o => protocol.getNameInfo(ip.Address.loopbackV4(), 80, o))
  }
}

const echo = () => spawnVm(new URL('echo.lua', import.meta.url))

/** Asks the process that runs the suite for something. */
const ask = what => writeSync(1, `{"ask": "${what}"}\n`)

export const rows = {
  'time.sleep': {
    make: () => ({ secs: 1000 }),
    makeShort: () => ({ secs: 0.02 }),
    start: (c, options) => time.sleep(c.secs, options),
    let: () => time.sleep(0.03),
    check: () => {},
    close: 'there is no object to close',
    gone: 'there is no peer'
  },
  'time.steady_timer.wait': timer(time.SteadyTimer, time.steadyClock),
  'time.system_timer.wait': timer(time.SystemTimer, time.systemClock),

  ...resolvers('tcp', ip.tcp),
  ...resolvers('udp', ip.udp),

  'ip.tcp.dial': {
    make: fullListener,
    start: (c, options) => ip.tcp.dial(`127.0.0.1:${c.port}`, options),
    let: acceptAll,
    check: (c, socket) => assert(socket.isOpen),
    close: 'there is no object to close',
    gone: 'it goes away before it is there'
  },
  'ip.tcp.listen': {
    make: () => ({}),
    start: (c, options) => ip.tcp.listen('localhost:0', options),
    let: () => {},
    prompt: true,
    check: (c, acceptor) => assert(acceptor.isOpen),
    close: 'there is no object to close',
    gone: 'there is no peer'
  },
  'ip.tcp.socket.connect': {
    make: async () => ({ ...await fullListener(), client: new ip.tcp.Socket() }),
    start: (c, options) => c.client.connect(ip.Address.loopbackV4(), c.port, options),
    let: acceptAll,
    again: c => c.client.close(),
    check: c => assert.equal(c.client.remotePort, c.port),
    close: c => c.client.close(),
    gone: 'it goes away before it is there'
  },
  'ip.tcp.socket.read_some': reader('read_some'),
  'ip.tcp.socket.receive': reader('receive'),
  'ip.tcp.socket.write_some': writer('write_some'),
  'ip.tcp.socket.send': writer('send'),
  'ip.tcp.socket.wait': {
    make: pair,
    start: (c, options) => c.client.wait('read', options),
    let: c => writeAll(c.server, 'hello'),
    check: async c => isFive(c, await c.client.readSome(c.buffer)),
    again: c => writeAll(c.server, 'hello'),
    close: c => c.client.close(),
    gone: c => c.server.close(),
    afterGone: ['success']
  },
  'ip.tcp.acceptor.accept': {
    make: async () => ({ acceptor: await ip.tcp.listen('127.0.0.1:0') }),
    start: (c, options) => c.acceptor.accept(options),
    let: async c => { c.client = await ip.tcp.dial(`127.0.0.1:${c.acceptor.localPort}`) },
    check: (c, socket) => assert.equal(socket.remotePort, c.client.localPort),
    close: c => c.acceptor.close(),
    gone: 'there is no peer yet'
  },
  'ip.tcp.acceptor.wait': {
    make: async () => ({ acceptor: await ip.tcp.listen('127.0.0.1:0') }),
    start: (c, options) => c.acceptor.wait('read', options),
    let: async c => { c.client = await ip.tcp.dial(`127.0.0.1:${c.acceptor.localPort}`) },
    check: async c => assert((await c.acceptor.accept()).isOpen),
    close: c => c.acceptor.close(),
    gone: 'there is no peer yet'
  },

  'ip.udp.dial': {
    make: () => ({}),
    start: (c, options) => ip.udp.dial('localhost:9', options),
    let: () => {},
    prompt: true,
    check: (c, socket) => assert.equal(socket.remotePort, 9),
    close: 'there is no object to close',
    gone: 'there is no peer'
  },
  'ip.udp.socket.connect': datagramWriter((c, options) =>
    c.client.connect(c.server.localAddress, c.server.localPort, options)),
  'ip.udp.socket.receive': datagramReader((c, options) => c.client.receive(c.buffer, [], options), isFive),
  'ip.udp.socket.receive_from': datagramReader(
    (c, options) => c.client.receiveFrom(c.buffer, [], options),
    (c, { size, port }) => assert.deepEqual([size, port], [5, c.server.localPort])),
  'ip.udp.socket.send': datagramWriter((c, options) => c.client.send(hello, [], options)),
  'ip.udp.socket.send_to': datagramWriter((c, options) =>
    c.client.sendTo(hello, c.server.localAddress, c.server.localPort, [], options)),

  'actor.inbox.receive': {
    make: async () => ({ actor: await echo() }),
    start: (c, options) => inbox.receive(options),
    let: c => c.actor.send({ reply: inbox }),
    check: isFive,
    close: () => inbox.close(),
    afterClose: ['CHANNEL_CLOSED'],
    gone: 'anybody may send'
  },
  'actor.channel.closed': {
    make: async () => ({ actor: await echo() }),
    start: c => c.actor.closed,
    withoutSignal: 'it is a property',
    let: c => c.actor.send('end'),
    check: (c, end) => assert.equal(end.reason, 'ended'),
    close: 'a closed channel can still be waited for',
    gone: 'the end of the peer is what is waited for'
  },

  'system.standard_input.read_some': {
    make: () => ({ buffer: new Uint8Array(5) }),
    start: (c, options) => system.stdin.readSome(c.buffer, options),
    let: () => ask('input'),
    check: isFive,
    close: 'it belongs to the process',
    gone: () => ask('end of input'),
    afterGone: ['eof'],
    buffer: 'buffer'
  },
  'system.standard_output.write_some': {
    make: async () => {
      await fill(options => system.stderr.writeSome(new Uint8Array(65536), options))
      return { buffer: new Uint8Array(65536) }
    },
    start: (c, options) => system.stderr.writeSome(c.buffer, options),
    let: () => ask('read errors'),
    check: (c, n) => assert(n > 0),
    close: 'it belongs to the process',
    gone: () => ask('close errors'),
    afterGone: ['EPIPE'],
    repeats: true,
    buffer: 'buffer'
  },
  'system.signal.set.wait': {
    mainThreadOnly: true,
    make: () => ({ set: new system.signal.Set(system.signal.SIGUSR1) }),
    start: (c, options) => c.set.wait(options),
    let: () => system.signal.raise(system.signal.SIGUSR1),
    check: (c, signal) => assert.equal(signal, system.signal.SIGUSR1),
    close: c => c.set.cancel(),
    gone: 'there is no peer'
  }
}

/** The name that the columns above give to `error`. */
export function nameOf (error) {
  return isEof(error) ? 'eof' : error.code
}
