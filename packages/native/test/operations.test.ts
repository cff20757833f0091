// SPDX-License-Identifier: MIT OR BSL-1.0
import { Address, tcp } from '@emilua/ip'
import { EmiluaError, natives, operate } from '@emilua/native'
import { sleep, SteadyTimer } from '@emilua/time'
import { expect } from 'chai'

const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'resolved', (error: unknown) => error)
const turn = (): Promise<void> => new Promise(resolve => { setImmediate(resolve) })

describe('operations', () => {
  let acceptor: tcp.Acceptor
  let client: tcp.Socket
  let server: tcp.Socket

  beforeEach(async () => {
    acceptor = await tcp.listen('127.0.0.1:0')
    ;[client, server] = await Promise.all([tcp.dial(`127.0.0.1:${acceptor.localPort}`), acceptor.accept()])
  })
  afterEach(() => {
    for (const object of [acceptor, client, server]) object.close()
  })

  it('keep their order for any number of arguments', async () => {
    const resolve = natives('ip')['tcp.get_address_info']!
    expect(await operate(resolve, 0, undefined, ['127.0.0.1', 1, undefined])).to.have.length(1)
    const refused = await rejection(operate(resolve, 0, { signal: AbortSignal.abort('no') }, ['localhost', 1, undefined]))
    expect(refused).to.equal('no')
    expect(await rejection(operate(resolve, 0, undefined, new Array(9)))).to.be.instanceOf(RangeError)
  })

  it('reject for a bad argument and never throw', async () => {
    const bad: [() => Promise<unknown>, string][] = [
      [() => client.readSome('x' as unknown as Uint8Array), 'buffer'],
      [() => client.readSome(new Uint16Array(4) as unknown as Uint8Array), 'buffer'],
      [() => client.readSome(undefined as unknown as Uint8Array), 'buffer'],
      [() => new tcp.Socket().connect(new Address(), 65536), 'port'],
      [() => new tcp.Socket().connect(new Address(), -1), 'port'],
      [() => new tcp.Socket().connect(new Address(), 1.5), 'port'],
      [() => new tcp.Socket().connect(new Address(), NaN), 'port'],
      [() => new tcp.Socket().connect(new Address(), 1n as unknown as number), 'port'],
      [() => sleep('1' as unknown as number), 'secs'],
      [() => sleep(NaN), 'secs']
    ]
    for (const [start, arg] of bad) {
      expect(await rejection(start()), arg).to.be.instanceOf(EmiluaError).and.to.include({ code: 'EINVAL', arg })
    }
  })

  it('say what was expected', async () => {
    expect(await rejection(new tcp.Socket().connect(new Address(), 65536))).to.have.property('message', 'port: Expected an integer from 0 to 65535, not 65536')
    expect(await rejection(client.readSome([] as unknown as Uint8Array))).to.have.property('message', 'buffer: Expected a Uint8Array, not an array')
    expect(await rejection(sleep({} as unknown as number))).to.have.property('message', 'secs: Expected a number, not an object')
  })

  it('take any Uint8Array: a Buffer, a part, a shared one', async () => {
    const buffers = [Buffer.alloc(3), new Uint8Array(9).subarray(4, 7), new Uint8Array(new SharedArrayBuffer(3))]
    for (const buffer of buffers) {
      await client.writeSome(Buffer.from('abc'))
      expect(await server.readSome(buffer)).to.equal(3)
      expect(Buffer.from(buffer).toString()).to.equal('abc')
    }
    expect(await server.readSome(new Uint8Array(0))).to.equal(0)
  })

  it('refuse a buffer that is detached', async () => {
    const buffer = new Uint8Array(8)
    structuredClone(buffer, { transfer: [buffer.buffer] })
    expect(await rejection(server.readSome(buffer))).to.include({ code: 'EINVAL', arg: 'buffer' })
    expect(await rejection(server.writeSome(buffer))).to.include({ code: 'EINVAL', arg: 'buffer' })
  })

  it('fail when their buffer is detached while they wait, and keep the data in the socket', async () => {
    const buffer = new Uint8Array(8)
    const read = rejection(server.readSome(buffer))
    await turn()
    const moved = structuredClone(buffer, { transfer: [buffer.buffer] })
    await client.writeSome(Buffer.from('kept'))
    expect(await read).to.include({ code: 'EINVAL', arg: 'buffer' })
    expect(moved).to.deep.equal(new Uint8Array(8))
    const again = Buffer.alloc(8)
    expect(await server.readSome(again)).to.equal(4)
    expect(again.toString('latin1', 0, 4)).to.equal('kept')
  })

  it('write where the buffer is when the data comes, not where it was', async () => {
    type Resizable = ArrayBuffer & { resize (size: number): void }
    const make = ArrayBuffer as unknown as new (size: number, options: { maxByteLength: number }) => Resizable
    const resizable = new make(4, { maxByteLength: 1 << 20 })
    const buffer = new Uint8Array(resizable)
    const read = server.readSome(buffer)
    await turn()
    resizable.resize(1 << 20)
    await client.writeSome(Buffer.from('longer than four'))
    expect(await read).to.equal(16)
    expect(Buffer.from(buffer.subarray(0, 16)).toString()).to.equal('longer than four')
  })

  it('complete in the order in which the data comes, each once', async () => {
    const order: number[] = []
    const reads = [1, 2, 3].map(async size => { order.push(await server.readSome(new Uint8Array(size))) })
    await client.writeSome(new Uint8Array(6))
    await Promise.all(reads)
    expect(order).to.deep.equal([1, 2, 3])
  })

  it('let others have a turn while they complete at once', async () => {
    let stop = false
    setImmediate(() => { stop = true })
    const timer = new SteadyTimer()
    let completed = 0
    while (!stop && completed < 1e6) {
      await timer.wait()
      completed++
    }
    expect(stop).to.equal(true)
  })

  it('run in parallel without end: many pending, all delivered', async () => {
    const values = await Promise.all(Array.from({ length: 3000 }, (_, i) => sleep(i % 7 / 1000).then(() => i)))
    expect(values).to.deep.equal(Array.from({ length: 3000 }, (_, i) => i))
  })

  describe('with an AbortSignal', () => {
    const pending: Record<string, (options: { signal: AbortSignal }) => Promise<unknown>> = {
      accept: options => acceptor.accept(options),
      readSome: options => server.readSome(new Uint8Array(1), options),
      sleep: options => sleep(1000, options),
      wait: options => {
        const timer = new SteadyTimer()
        timer.expiresAfter(1000)
        return timer.wait(options)
      }
    }
    for (const [name, start] of Object.entries(pending)) {
      it(`${name} rejects with its reason, before and while it waits`, async () => {
        const reason = new Error('why')
        expect(await rejection(start({ signal: AbortSignal.abort(reason) }))).to.equal(reason)
        const controller = new AbortController()
        const waiting = rejection(start({ signal: controller.signal }))
        await turn()
        controller.abort(reason)
        controller.abort(new Error('too late'))
        expect(await waiting).to.equal(reason)
      })
    }

    it('is refused even where it could complete at once', async () => {
      expect(await rejection(client.writeSome(Buffer.from('x'), { signal: AbortSignal.abort(5) }))).to.equal(5)
      const read = server.readSome(new Uint8Array(4))
      await client.writeSome(Buffer.from('yz'))
      expect(await read).to.equal(2)
    })

    it('does not undo a success, nor reach the next operation', async () => {
      const controller = new AbortController()
      const { signal } = controller
      const read = server.readSome(new Uint8Array(4), { signal })
      await client.writeSome(Buffer.from('ab'))
      expect(await read).to.equal(2)
      const next = server.readSome(new Uint8Array(4))
      controller.abort()
      await client.writeSome(Buffer.from('c'))
      expect(await next).to.equal(1)
    })

    it('of one operation leaves the others alone', async () => {
      const controller = new AbortController()
      const buffer = Buffer.alloc(4)
      const first = rejection(server.readSome(new Uint8Array(4), { signal: controller.signal }))
      const second = server.readSome(buffer)
      controller.abort('first only')
      expect(await first).to.equal('first only')
      await client.writeSome(Buffer.from('data'))
      expect(await second).to.equal(4)
      expect(buffer.toString()).to.equal('data')
    })

    it('must be one', async () => {
      expect(await rejection(sleep(0, { signal: {} as AbortSignal }))).to.include({ code: 'EINVAL', arg: 'options.signal' })
    })

    it('is in options that have no other fields than there are', async () => {
      for (const [options, text] of [
        [{ singal: AbortSignal.abort() }, "options.singal: Expected one of the fields signal, hold; is it 'signal' that is meant?"], [5, 'options: Expected an object of signal, hold, not 5'],
        [{ hold: 1 }, 'options.hold: Expected a Hold, not 1']
      ] as const) {
        const calls = [sleep(0, options as never), new tcp.Socket().connect(new Address(), 1, options as never), new tcp.Socket().readSome(new Uint8Array(1), options as never),
          acceptor.accept(options as never)]
        for (const call of calls) expect(await rejection(call)).to.include({ code: 'EINVAL', message: text })
      }
      expect(await sleep(0, null as never)).to.equal(undefined)
    })
  })
})
