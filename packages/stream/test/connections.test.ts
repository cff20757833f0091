// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { systemError, type SystemErrorCode } from '@emilua/native'
import { tcp } from '@emilua/ip'
import { FiberCanceled, spawn } from '@emilua/runtime'
import { connections, type Acceptor, type OperationOptions } from '@emilua/stream'
import { rejection } from './memory.js'

/** Fails with `codes`, one after the other, and then hands out numbers; `calls` are the times it was asked. */
function failing (codes: readonly SystemErrorCode[]): Acceptor<number> & { calls: number[] } {
  const left = [...codes]
  let number = 0
  return {
    calls: [],
    accept () {
      this.calls.push(performance.now())
      const code = left.shift()
      return code === undefined ? Promise.resolve(++number) : Promise.reject(systemError(code, code))
    }
  }
}

const first = async <T> (acceptor: Acceptor<T>, options?: OperationOptions): Promise<T | undefined> => {
  for await (const connection of connections(acceptor, options)) return connection
}

describe('connections', () => {
  for (const code of ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'] as const) {
    it(`rests and goes on after ${code}, longer each time`, async () => {
      const acceptor = failing([code, code, code])
      expect(await first(acceptor)).to.equal(1)
      const rests = acceptor.calls.slice(1).map((time, i) => time - acceptor.calls[i]!)
      expect(rests).to.have.length(3)
      for (const [i, least] of [4.5, 9.5, 19.5].entries()) expect(rests[i]).to.be.greaterThan(least)
    })
  }

  it('hands a connection on after two rounds of microtasks', async () => {
    let rounds = 0
    const count = (): void => { if (++rounds < 100) queueMicrotask(count) }
    const acceptor = { accept: () => { queueMicrotask(count); return Promise.resolve(1) } }
    for await (const connection of connections(acceptor)) if (connection === 1) break
    expect(rounds).to.be.lessThan(4)
  })

  it('goes on at once when a connection failed before it was accepted', async () => {
    const acceptor = failing(['ECONNABORTED', 'EPROTO', 'ENETDOWN', 'EHOSTUNREACH', 'EPERM'])
    let turns = 0
    const turn = setImmediate(() => { turns++ })
    expect(await first(acceptor)).to.equal(1)
    clearImmediate(turn)
    expect([acceptor.calls.length, turns]).to.deep.equal([6, 0])
  })

  it('rests when such failures do not end', async () => {
    const acceptor = failing(new Array<SystemErrorCode>(20).fill('EPERM'))
    expect(await first(acceptor)).to.equal(1)
    expect(acceptor.calls.at(-1)! - acceptor.calls[0]!).to.be.greaterThan(4.5)
  })

  it('throws what is no such failure, and accept itself throws all', async () => {
    expect(await rejection(first(failing(['EINVAL'])))).to.have.property('code', 'EINVAL')
    expect(await rejection(failing(['EMFILE']).accept())).to.have.property('code', 'EMFILE')
    expect(await rejection(first(new tcp.Acceptor()))).to.have.property('code', 'EBADF')
  })

  it('ends where the acceptor is closed, while it waits and between two steps', async () => {
    for (const closesInside of [false, true]) {
      const acceptor = await tcp.listen('127.0.0.1:0')
      let connected = 0
      const serving = (async () => {
        for await (const socket of acceptor) {
          connected++
          socket.close()
          if (closesInside) acceptor.close()
        }
      })()
      const client = await tcp.dial(`127.0.0.1:${acceptor.localPort}`)
      expect(await client.readSome(new Uint8Array(1)).catch(error => (error as { code: string }).code)).to.equal('EOF')
      client.close()
      acceptor.close()
      await serving
      expect(connected).to.equal(1)
    }
  })

  it('can be canceled while it rests, by a fiber and by a signal', async () => {
    const always = { accept: () => Promise.reject(systemError('EMFILE', 'full')) }
    const fiber = spawn(() => first(always))
    await new Promise(resolve => setTimeout(resolve, 20))
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    expect(await rejection(first(always, { signal: AbortSignal.timeout(20) }))).to.have.property('name', 'TimeoutError')
  })
})
