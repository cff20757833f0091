// SPDX-License-Identifier: MIT OR BSL-1.0
// An object that reads into one buffer again and again submits its reads in shared memory, from the third one on, where
// a completion made the program go on. What reads mean stays what it is.
import type { EmiluaError } from '@emilua/errors'
import { FiberCanceled, spawn, thisFiber, timeout, TimeoutError } from '@emilua/runtime'
import { writeAll } from '@emilua/stream'
import { stream } from '@emilua/unix'
import { expect } from 'chai'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const failure = (promise: Promise<unknown>): Promise<EmiluaError> =>
  promise.then(() => { throw new Error('It did not fail') }, error => error as EmiluaError)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const collect = (): void => {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}
const bytes = (of: string): Uint8Array => new TextEncoder().encode(of)

describe('reads into the same buffer', () => {
  let ours: stream.Socket
  let theirs: stream.Socket
  beforeEach(() => { [ours, theirs] = stream.Socket.pair() })
  afterEach(() => {
    for (const socket of [ours, theirs]) if (socket.isOpen) socket.close()
  })

  /** Waits for a byte, and once more, after which the next read is submitted. */
  async function repeat (buffer: Uint8Array): Promise<void> {
    for (let i = 0; i < 4; i++) {
      const read = ours.readSome(buffer)
      await theirs.writeSome(bytes('x'))
      expect(await read).to.equal(1)
    }
  }

  it('give what comes, in order, into part of a buffer as well', async () => {
    const whole = new Uint8Array(64)
    const buffer = whole.subarray(10, 20)
    await repeat(buffer)
    let got = ''
    for (let i = 0; i < 100; i++) {
      const read = ours.readSome(buffer)
      await theirs.writeSome(bytes(`${i},`))
      got += text(buffer.subarray(0, await read))
    }
    expect(got).to.equal(Array.from({ length: 100 }, (_, i) => `${i},`).join(''))
    expect([...whole.subarray(0, 10), ...whole.subarray(20)].every(byte => byte === 0)).to.equal(true)
  })

  it('are read in the order of their calls, whichever buffer each has', async () => {
    const [a, b] = [new Uint8Array(1), new Uint8Array(1)]
    await repeat(a)
    for (const order of [[a, b, a], [a, a, b], [b, a, a]]) {
      const reads = order.map(async buffer => {
        expect(await ours.readSome(buffer)).to.equal(1)
        return text(buffer)
      })
      for (const byte of ['1', '2', '3']) {
        await theirs.writeSome(bytes(byte))
        expect(await reads.shift()).to.equal(byte)
      }
    }
  })

  it('fail when the buffer is detached before they begin, and while they wait, and keep the data in the socket', async () => {
    let buffer = new Uint8Array(16)
    for (const wait of [() => {}, () => new Promise(setImmediate)]) {
      await repeat(buffer)
      const read = failure(ours.readSome(buffer))
      await wait()
      buffer = structuredClone(buffer, { transfer: [buffer.buffer] })
      await theirs.writeSome(bytes('kept'))
      expect(await read).to.include({ code: 'EINVAL', arg: 'buffer' })
      expect(text(buffer.subarray(0, await ours.readSome(buffer)))).to.equal('kept')
    }
    await repeat(buffer)
    const full = buffer.subarray(0, 1)
    for (let i = 0; i < 4; i++) {
      await theirs.writeSome(bytes('xx'))
      expect(await ours.readSome(full)).to.equal(1)
    }
    const read = failure(ours.readSome(full))
    structuredClone(full, { transfer: [full.buffer] })
    expect(await read).to.include({ code: 'EINVAL', arg: 'buffer' })
  })

  it('end by a signal, by cancel() and close() right after the call, and when their fiber is canceled', async () => {
    const buffer = new Uint8Array(16)
    await repeat(buffer)
    const controller = new AbortController()
    const aborted = failure(ours.readSome(buffer, { signal: controller.signal }))
    controller.abort(new Error('enough'))
    expect((await aborted).message).to.equal('enough')

    await repeat(buffer)
    const canceled = failure(ours.readSome(buffer))
    ours.cancel()
    expect((await canceled).code).to.equal('ECANCELED')

    let waits = false
    const fiber = spawn(async () => {
      await repeat(buffer)
      waits = true
      await ours.readSome(buffer)
    })
    while (!waits) await new Promise(setImmediate)
    fiber.cancel()
    await failure(fiber.join())
    expect(fiber.cancellationCaught).to.equal(true)

    await repeat(buffer)
    const closed = failure(ours.readSome(buffer))
    ours.close()
    expect((await closed).code).to.equal('ECANCELED')
    expect(await failure(ours.readSome(buffer))).to.include({ code: 'EBADF', syscall: 'recvmsg' })
  })

  it('go on after some that were canceled, of which several waited', async () => {
    const buffer = new Uint8Array(16)
    for (let i = 0; i < 3; i++) {
      await repeat(buffer)
      const reads = [ours.readSome(buffer), ours.readSome(buffer), ours.readSome(buffer)]
      for (const read of reads) {
        await theirs.writeSome(bytes('came'))
        expect(await read).to.equal(4)
      }
      await repeat(buffer)
      const canceled = [failure(ours.readSome(buffer)), failure(ours.readSome(buffer))]
      if (i > 0) await new Promise(setImmediate)
      ours.cancel()
      expect((await Promise.all(canceled)).map(({ code }) => code)).to.deep.equal(['ECANCELED', 'ECANCELED'])
    }
  })

  it('keep their buffer and their socket, which nobody else has', async () => {
    const read = await (async () => {
      const buffer = new Uint8Array(16)
      await repeat(buffer)
      return { promise: ours.readSome(buffer) }
    })()
    ours = theirs
    for (let i = 0; i < 5; i++) {
      await new Promise(setImmediate)
      collect()
    }
    await theirs.writeSome(bytes('kept'))
    expect(await read.promise).to.equal(4)
  })

  it('say what any read says of a socket that was handed on, and of the end', async () => {
    const buffer = new Uint8Array(16)
    await repeat(buffer)
    theirs.close()
    expect((await failure(ours.readSome(buffer))).code).to.equal('EOF')
    ours.release()
    const first = await failure(ours.readSome(new Uint8Array(16)))
    const again = await failure(ours.readSome(buffer))
    expect(again.message).to.equal(first.message)
  })

  it('are not submitted in memory that can be cut off', async () => {
    const resizable = new (ArrayBuffer as unknown as new (size: number, options: object) => ArrayBuffer & { resize (size: number): void })(64, { maxByteLength: 128 })
    const buffer = new Uint8Array(resizable)
    await repeat(buffer)
    const read = failure(ours.readSome(buffer))
    resizable.resize(0)
    await theirs.writeSome(bytes('kept'))
    expect(await read).to.include({ code: 'EINVAL', arg: 'buffer' })
    resizable.resize(64)
    expect(text(buffer.subarray(0, await ours.readSome(buffer)))).to.equal('kept')
  })

  it('keep no process alive when their hold says so, and come before what is asked for later', async () => {
    const buffer = new Uint8Array(16)
    await repeat(buffer)
    const read = ours.readSome(buffer)
    expect(process.getActiveResourcesInfo()).to.include('emilua unix.stream.socket.read_some')
    // A try at once that came before the read would take what the read is for.
    await theirs.writeSome(bytes('one'))
    const second = new Uint8Array(16)
    const next = ours.readSome(second)
    expect(text(buffer.subarray(0, await read))).to.equal('one')
    await theirs.writeSome(bytes('two'))
    expect(text(second.subarray(0, await next))).to.equal('two')
  })
})

describe('what need not wait', () => {
  it('is refused where somebody was canceled, in whatever outlives that, and where suspension is forbidden, and nowhere else', async () => {
    const [ours, theirs] = stream.Socket.pair()
    const buffer = new Uint8Array(8)
    const each = (): Promise<unknown>[] => [writeAll(ours, bytes('x')), ours.writeSome(bytes('x')), theirs.readSome(buffer)]
    const codes = (): Promise<unknown[]> => Promise.all(each().map(promise => promise.catch((error: unknown) => error instanceof FiberCanceled ? 'canceled' : (error as EmiluaError).code)))
    const succeeds = async (): Promise<void> => {
      const [all, some, read] = await Promise.all(each()) as number[]
      expect([all, some]).to.deep.equal([1, 1])
      expect(read).to.be.within(1, 8)
    }
    await succeeds()
    const refused = { fiber: [] as unknown[], block: [] as unknown[] }
    const fiber = spawn(async () => { refused.fiber = await codes() })
    fiber.cancel()
    await succeeds()
    await fiber.join()
    let late = Promise.resolve()
    const ended = failure(timeout(0, async () => {
      await new Promise(resolve => { setTimeout(resolve, 1) })
      late = thisFiber.yield().catch(() => {}).then(async () => { refused.block = await codes() })
      await thisFiber.yield()
    }))
    expect(await ended).to.be.instanceOf(TimeoutError)
    await late
    await succeeds()
    expect(refused).to.deep.equal({ fiber: Array(3).fill('canceled'), block: Array(3).fill('canceled') })
    await spawn(async () => {
      thisFiber.forbidSuspend()
      const forbidden = codes()
      thisFiber.allowSuspend()
      expect(await forbidden).to.deep.equal(Array(3).fill('SUSPENSION_FORBIDDEN'))
      await succeeds()
    }).join()
    ours.close()
    theirs.close()
  })
})
