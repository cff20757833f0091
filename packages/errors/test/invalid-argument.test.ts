// SPDX-License-Identifier: MIT OR BSL-1.0
import { ByteSpan } from '@emilua/byte-span'
import { EmiluaError, errorCategory, genericError, isEof, type ErrorIdentity } from '@emilua/errors'
import { Address, connect, tcp, udp } from '@emilua/ip'
import { ConditionVariable, Future, Mutex, scope, scopeCleanupPush, spawn, thisFiber } from '@emilua/runtime'
import * as stream from '@emilua/stream'
import { exit, signal } from '@emilua/system'
import { sleep } from '@emilua/time'
import { expect } from 'chai'

const wrong = 5 as never

/** One bad argument a package, by what the error has to say. */
const calls: [string, () => unknown][] = [
  // of the native core
  ['str: Expected an IP address, not "nonsense"', () => new Address('nonsense')],
  ['secs: Expected a number, not "1"', () => sleep('1' as never)],
  ['buffer: Expected a Uint8Array, not 5', () => new tcp.Socket().readSome(wrong)],
  ['remoteAddr: Expected an Address, not "127.0.0.1": new Address(text) makes one', () => new udp.Socket().sendTo(new Uint8Array(1), '127.0.0.1' as never, 9)],
  ['val: Expected a boolean, not "yes"', () => { new tcp.Socket().setOption('keep_alive', 'yes' as never) }],
  ['val: Expected an integer from 0 to 2147483647, not "1"', () => { new tcp.Socket().setOption('send_buffer_size', '1' as never) }],
  ['signals: Expected the number of a signal, such as signal.SIGTERM, not "SIGTERM"', () => new signal.Set('SIGTERM' as never)],
  // of TypeScript
  ['options.signal: Expected an AbortSignal, not 5', () => sleep(0, { signal: wrong })],
  ['fn: Expected a function, not 5', () => spawn(wrong)],
  ['handler: Expected a function, not 5', () => { scopeCleanupPush(wrong) }],
  ['mutex: Expected a Mutex, not 5', () => new ConditionVariable().wait(wrong)],
  ['stream: Expected an object with a method writeSome, not 5', () => stream.writeAll(wrong, '')],
  ['buffer: Expected a Uint8Array, not 5', () => stream.writeAll({ writeSome: async () => 0 }, wrong)],
  ['minimum: Expected an integer from 0 to the size of the buffer, not 2', () => stream.readAtLeast({ readSome: async () => 0 }, new Uint8Array(1), 2)],
  ['options.maxRecordSize: Expected an integer greater than 0, not 0', () => new stream.Scanner({ maxRecordSize: 0 })],
  ['options.bufferSizeHint: Expected an integer, 0 or greater, not -1', () => new stream.Scanner({ bufferSizeHint: -1 })],
  ['value: Expected a number, not "1"', () => { new ByteSpan(4).setF32be('1' as never) }],
  ['endpoints: Expected a list of what getAddressInfo() gives, not 5', () => connect(new tcp.Socket(), wrong)],
  ['condition: Expected a function, not 5', () => connect(new tcp.Socket(), [], wrong)],
  ['code: Expected an integer from 0 to 255, not -1', () => { exit(-1) }]
]

async function failure (fn: () => unknown): Promise<EmiluaError> {
  try {
    await fn()
  } catch (error) {
    return error as EmiluaError
  }
  throw new Error('nothing failed')
}

function tryTwice (): void {
  const mutex = new Mutex()
  mutex.tryLock()
  mutex.tryLock()
}

const identity = ({ category, code, errno }: EmiluaError): ErrorIdentity => ({ category, code, errno })
const system = errorCategory('system')

describe('a bad argument', () => {
  for (const [message, call] of calls) {
    it(`is told as "${message}"`, async () => {
      const error = await failure(call)
      expect(error).to.be.instanceOf(EmiluaError)
      expect(identity(error)).to.deep.equal({ category: system, code: 'EINVAL', errno: 22 })
      expect(error).to.include({ message, arg: message.slice(0, message.indexOf(':')) })
      expect(error.toGeneric().equals(genericError.EINVAL)).to.equal(true)
    })
  }

  it('is told likewise by a function of any fiber', async () => {
    expect(identity(await failure(() => scope(wrong)))).to.deep.equal({ category: system, code: 'EINVAL', errno: 22 })
  })
})

describe('what fibers refuse', () => {
  it('is the error of the same mistake in Lua, and stands for an error of POSIX', async () => {
    const detached = spawn(() => {})
    detached.detach()
    const cases: [code: string, generic: EmiluaError, error: EmiluaError][] = [
      ['NOT_JOINABLE', genericError.EINVAL, await failure(() => detached.join())],
      ['MUTEX_NOT_OWNED', genericError.EPERM, await failure(() => { new Mutex().unlock() })],
      ['MUTEX_OWNED', genericError.EDEADLK, await failure(tryTwice)]
    ]
    const forbidden = spawn(async () => {
      thisFiber.forbidSuspend()
      await thisFiber.yield()
    })
    cases.push(['SUSPENSION_FORBIDDEN', genericError.EPERM, await failure(() => forbidden.join())])
    const { promise, future } = Future.create<EmiluaError>()
    const self = spawn(async (): Promise<void> => { promise.setValue(await failure(() => self.join())) })
    cases.push(['JOIN_SELF', genericError.EDEADLK, await future.get()])
    await self.join()
    for (const [code, generic, error] of cases) {
      expect(error, code).to.include({ code, category: errorCategory('emilua') })
      expect(error.toGeneric().equals(generic), code).to.equal(true)
    }
  })
})

describe('the end of a stream', () => {
  it('is one error for all packages', () => {
    expect(stream.isEof).to.equal(isEof)
    expect(isEof(stream.endOfFile())).to.equal(true)
  })

  it('is not a record that is too long', async () => {
    const scanner = new stream.Scanner({ maxRecordSize: 2, stream: { readSome: buffer => Promise.resolve(buffer.length) } })
    expect((await failure(() => scanner.getLine())).equals(genericError.EMSGSIZE)).to.equal(true)
  })
})
