// SPDX-License-Identifier: MIT OR BSL-1.0
// Datagrams that are there already are received without waiting, whose sender is known from before, and answered in
// memory that is shared with the core. What the calls mean stays what it is.
import type { EmiluaError } from '@emilua/errors'
import { Address, udp } from '@emilua/ip'
import { FiberCanceled, spawn } from '@emilua/runtime'
import { expect } from 'chai'

const failure = (promise: Promise<unknown>): Promise<EmiluaError> =>
  promise.then(() => { throw new Error('It did not fail') }, error => error as EmiluaError)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const bytes = (of: string): Uint8Array => new TextEncoder().encode(of)
const local = new Address('127.0.0.1')

function bound (address: Address | string = local): udp.Socket {
  const socket = new udp.Socket()
  socket.bind(address, 0)
  return socket
}

describe('datagrams', () => {
  let server: udp.Socket
  beforeEach(() => { server = bound() })
  afterEach(() => { if (server.isOpen) server.close() })

  it('are answered to their senders, also to more than are remembered, of both versions', async () => {
    server.close()
    server = bound('::')
    const senders = [bound('::1'), ...Array.from({ length: 600 }, (_, i) => bound(`127.0.${1 + (i >> 7)}.${1 + (i & 127)}`))]
    const buffer = new Uint8Array(16)
    for (let round = 0; round < 2; round++) {
      for (const [i, sender] of senders.entries()) {
        const to = i === 0 ? Address.loopbackV6() : local
        await sender.sendTo(bytes(`to ${i}`), to, server.localPort)
        const { size, address, port } = await server.receiveFrom(buffer)
        expect([text(buffer.subarray(0, size)), port]).to.deep.equal([`to ${i}`, sender.localPort])
        expect(address.equals(i === 0 ? sender.localAddress : sender.localAddress.toV6())).to.equal(true)
        await server.sendTo(bytes(`back ${i}`), address, port)
      }
      for (const [i, sender] of senders.entries()) {
        const { size, port } = await sender.receiveFrom(buffer)
        expect([text(buffer.subarray(0, size)), port]).to.deep.equal([`back ${i}`, server.localPort])
      }
    }
    for (const sender of senders) sender.close()
  })

  it('go to the address that is given, whichever of several objects that are equal', async () => {
    const addresses = Array.from({ length: 400 }, (_, i) => `127.1.${i >> 7}.${1 + (i & 127)}`)
    const receivers = addresses.map(bound)
    const given = [0, 1].map(() => addresses.map(address => new Address(address)))
    const buffer = new Uint8Array(16)
    for (let round = 0; round < 4; round++) {
      for (const [i, receiver] of receivers.entries()) {
        await server.sendTo(bytes(`${i}`), given[round % 2]![i]!, receiver.localPort)
        const { size, address } = await receiver.receiveFrom(buffer)
        expect([text(buffer.subarray(0, size)), String(address)]).to.deep.equal([`${i}`, '127.0.0.1'])
      }
    }
    for (const receiver of receivers) receiver.close()
  })

  it('are whole, whatever their size, and are what the buffer held at the call', async () => {
    const buffer = new Uint8Array(2000)
    for (const size of [0, 1, 63, 64, 65, 1000, 2000]) {
      const data = Uint8Array.from({ length: size }, (_, i) => i)
      const sent = server.sendTo(data, local, server.localPort)
      data.fill(0xff)
      expect(await sent).to.equal(size)
      buffer.fill(0)
      const got = await server.receiveFrom(buffer)
      expect(got).to.deep.equal({ size, address: local, port: server.localPort })
      expect(buffer.subarray(0, size)).to.deep.equal(Uint8Array.from({ length: size }, (_, i) => i))
    }
  })

  it('are received in the order of the calls, also by those that wait', async () => {
    const buffers = Array.from({ length: 200 }, () => new Uint8Array(8))
    const waiting = buffers.map(buffer => server.receiveFrom(buffer))
    for (let i = 0; i < 300; i++) await server.sendTo(bytes(`${i}`), local, server.localPort)
    for (let i = 200; i < 300; i++) {
      buffers.push(new Uint8Array(8))
      waiting.push(server.receiveFrom(buffers[i]!))
    }
    for (const [i, promise] of waiting.entries()) {
      expect(text(buffers[i]!.subarray(0, (await promise).size))).to.equal(`${i}`)
    }
  })

  it('say what is wrong with an argument, as if they had to wait', async () => {
    const to = [local, server.localPort] as const
    const never = undefined as never
    const detached = new Uint8Array(8)
    structuredClone(detached, { transfer: [detached.buffer] })
    for (let round = 0; round < 2; round++) {
      for (const [call, arg] of [
        [() => server.sendTo(bytes('x'), local, 70000), 'remotePort'],
        [() => server.sendTo(bytes('x'), local, 1.5), 'remotePort'],
        [() => server.sendTo(bytes('x'), local, NaN), 'remotePort'],
        [() => server.sendTo(bytes('x'), 5 as never, 80), 'remoteAddr'],
        [() => server.sendTo(bytes('x'), server as never, 80), 'remoteAddr'],
        [() => server.sendTo(bytes('x'), [] as never, 80), 'remoteAddr'],
        [() => server.sendTo(bytes('x'), never, 80), 'remoteAddr'],
        [() => server.sendTo('text' as never, ...to), 'buffer'],
        [() => server.sendTo([1, 2] as never, ...to), 'buffer'],
        [() => server.sendTo(new DataView(new ArrayBuffer(4)) as never, ...to), 'buffer'],
        [() => server.sendTo(Object.create(Uint8Array.prototype) as Uint8Array, ...to), 'buffer'],
        [() => server.sendTo(detached, ...to), 'buffer'],
        [() => server.sendTo(bytes('x'), ...to, { flags: ['peek' as never, 'what' as never] }), 'flags[1]'],
        [() => server.receiveFrom(detached), 'buffer'],
        [() => server.receiveFrom(never), 'buffer']
      ] as const) expect(await failure(call())).to.include({ code: 'EINVAL', arg })
    }
    expect(await failure(udp.Socket.prototype.sendTo.call({} as never, bytes('x'), ...to))).to.include({ code: 'EINVAL', arg: 'this' })
  })

  it('fail with what the system says, once', async () => {
    await server.sendTo(bytes('too long'), local, server.localPort)
    await server.sendTo(bytes('next'), local, server.localPort)
    const short = new Uint8Array(3)
    expect(await failure(server.receiveFrom(short))).to.include({ code: 'EMSGSIZE', syscall: 'recvfrom' })
    expect(text(short)).to.equal('too')
    const buffer = new Uint8Array(8)
    expect((await server.receiveFrom(buffer)).size).to.equal(4)
    expect(await failure(server.sendTo(new Uint8Array(65535), local, 9))).to.include({ code: 'EMSGSIZE', syscall: 'sendto' })
    expect(await failure(server.sendTo(bytes('x'), Address.loopbackV6(), 9))).to.include({ code: 'EAFNOSUPPORT', syscall: 'sendto' })
    server.close()
    const closed = await failure(server.receiveFrom(buffer))
    expect(closed).to.include({ code: 'EBADF', syscall: 'recvfrom' })
    expect(closed.message).to.contain('the socket is not open')
    expect(await failure(server.sendTo(bytes('x'), local, 9))).to.include({ code: 'EBADF', syscall: 'sendto' })
  })

  it('come from an Address, not from what a program derived from it and sent to', async () => {
    class Named extends Address { override toString (): string { return 'a name' } }
    await server.sendTo(bytes('x'), new Named('127.0.0.1'), server.localPort)
    const { address } = await server.receiveFrom(new Uint8Array(8))
    expect(address instanceof Named).to.equal(false)
    expect(String(address)).to.equal('127.0.0.1')
  })

  it('have the length of the buffer, whatever its class says or does then', async () => {
    const other = bound()
    const buffer = new Uint8Array(64)
    let waits: Promise<number> | undefined
    class Strange extends Uint8Array {
      override get length (): number {
        waits ??= other.receive(new Uint8Array(8))
        return 60
      }
    }
    const mine = server.receive(new Strange(8))
    await server.sendTo(bytes('mine'), local, server.localPort)
    expect(await mine).to.equal(4)
    await server.sendTo(bytes('yours'), local, other.localPort)
    if (waits !== undefined) expect(await waits).to.equal(5)
    await server.sendTo(new Strange(3), local, server.localPort)
    expect((await server.receiveFrom(buffer)).size).to.equal(3)
    other.close()
  })

  it('are not taken for those of another sender when one could not be told', async () => {
    const buffer = new Uint8Array(8)
    const senders = Array.from({ length: 600 }, (_, i) => bound(`127.2.${1 + (i >> 7)}.${1 + (i & 127)}`))
    const [first, then] = [senders.slice(0, 300), senders.slice(300)]
    const addresses = []
    for (const sender of first) {
      await sender.sendTo(bytes('x'), local, server.localPort)
      addresses.push((await server.receiveFrom(buffer)).address)
    }
    // No instance can be made, as where the stack is full.
    Object.defineProperty(Address.prototype, 'wire', { set () { throw new Error('full') }, configurable: true })
    try {
      for (const sender of then) {
        await sender.sendTo(bytes('x'), local, server.localPort)
        expect((await failure(server.receiveFrom(buffer))).message).to.equal('full')
      }
    } finally {
      delete (Address.prototype as { wire?: unknown }).wire
    }
    for (const sender of then) {
      await sender.sendTo(bytes('x'), local, server.localPort)
      expect((await server.receiveFrom(buffer)).address.equals(sender.localAddress)).to.equal(true)
    }
    for (const [i, sender] of first.entries()) {
      await server.sendTo(bytes(`${i}`), addresses[i]!, sender.localPort)
      expect(text(buffer.subarray(0, await sender.receive(buffer)))).to.equal(`${i}`)
    }
    for (const sender of senders) sender.close()
  })

  it('that wait end by cancel() and close(), and when their fiber is canceled, and take nothing with them', async () => {
    const buffer = new Uint8Array(8)
    for (const end of ['cancel', 'fiber', 'close'] as const) {
      await server.sendTo(bytes('there'), local, server.localPort)
      await server.receiveFrom(buffer)
      const fiber = spawn(() => server.receiveFrom(buffer))
      await new Promise(setImmediate)
      if (end === 'fiber') fiber.cancel()
      else server[end]()
      const error = await failure(fiber.join())
      if (end === 'fiber') expect(fiber.cancellationCaught).to.equal(true)
      else expect(error.code).to.equal('ECANCELED')
    }
  })

  it('that need not wait are refused in a canceled fiber, and by a signal that is aborted', async () => {
    await server.sendTo(bytes('x'), local, server.localPort)
    const buffer = new Uint8Array(8)
    const refused: unknown[] = []
    const fiber = spawn(async () => {
      for (const call of [() => server.receiveFrom(buffer), () => server.sendTo(bytes('x'), local, 9)]) refused.push(await failure(call()))
    })
    fiber.cancel()
    await fiber.join()
    expect(refused.map(error => error instanceof FiberCanceled)).to.deep.equal([true, true])
    const signal = AbortSignal.abort(new Error('enough'))
    expect((await failure(server.receiveFrom(buffer, { signal }))).message).to.equal('enough')
    expect((await failure(server.receiveFrom(buffer, { singal: signal } as never))).arg).to.equal('options.singal')
    expect((await server.receiveFrom(buffer)).size).to.equal(1)
  })
})
