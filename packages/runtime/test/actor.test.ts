// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { EmiluaError } from '@emilua/errors'
import { Address } from '@emilua/ip'
import { inbox, spawn, spawnVm, thisFiber, FiberCanceled, type Channel } from '@emilua/runtime'

const program = (name: string): URL => new URL(`./actors/${name}.lua`, import.meta.url)

async function failure (f: () => unknown): Promise<EmiluaError> {
  try {
    await f()
  } catch (error) {
    expect(error).to.be.instanceOf(EmiluaError)
    return error as EmiluaError
  }
  throw new Error('it did not fail')
}

describe('actors', () => {
  describe('messages', () => {
    let echo: Channel<unknown>
    before(async () => {
      echo = await spawnVm<unknown>(program('echo'))
      echo.send(inbox)
    })
    after(async () => {
      echo.close()
      expect(await echo.closed).to.deep.equal({ reason: 'ended' })
    })

    const roundTrip = async (message: unknown): Promise<unknown> => {
      echo.send(message)
      return (await inbox.receive<{ message?: unknown }>()).message
    }

    for (const message of [true, false, 0, -1.5, 2 ** 53, 'text', 'zażółć', '', [1, 2, 3], { a: { b: ['c'] } }]) {
      it(`carries ${JSON.stringify(message)}`, async () => {
        expect(await roundTrip(message)).to.deep.equal(message)
      })
    }

    it('carries undefined and null as nil', async () => {
      expect(await roundTrip(undefined)).to.equal(undefined)
      expect(await roundTrip(null)).to.equal(undefined)
    })

    it('copies bytes', async () => {
      const bytes = Uint8Array.of(0, 1, 255)
      echo.send(bytes)
      bytes.fill(7)
      const { type, message } = await inbox.receive<{ type: string, message: Uint8Array }>()
      expect(type).to.equal('cdata')
      expect([...message]).to.deep.equal([0, 1, 255])
    })

    it('carries values of the description', async () => {
      const address = await roundTrip(new Address('::1')) as Address
      expect(address).to.be.instanceOf(Address)
      expect(String(address)).to.equal('::1')
    })

    it('carries channels, which stay what they are', async () => {
      const copy = await roundTrip(echo) as Channel<unknown>
      copy.send('through the copy')
      expect(await inbox.receive<object>()).to.include({ message: 'through the copy' })
      copy.close()
    })

    it('keeps their order', async () => {
      for (let i = 0; i < 1000; i++) echo.send(i)
      for (let i = 0; i < 1000; i++) expect((await inbox.receive<{ message: number }>()).message).to.equal(i)
    })

    it('refuses what cannot be copied, and names the part at fault', async () => {
      const bad: [object | symbol, string][] = [[() => {}, 'message'], [Symbol('s'), 'message'], [{ deep: [() => {}] }, 'message.deep[0]']]
      for (const [message, arg] of bad) {
        expect(await failure(() => { echo.send(message) })).to.include({ code: 'EINVAL', arg })
      }
    })

    it('refuses cycles', async () => {
      const cycle: Record<string, unknown> = {}
      cycle['self'] = cycle
      expect(await failure(() => { echo.send(cycle) })).to.include({ code: 'EINVAL', arg: 'message' })
    })
  })

  it('lets one receiver wait at a time', async () => {
    const fiber = spawn(() => inbox.receive())
    await thisFiber.yield()
    expect(await failure(() => inbox.receive())).to.include({ code: 'EBUSY' })
    fiber.cancel()
    const error = await fiber.join().catch((e: unknown) => e)
    expect(error).to.be.instanceOf(FiberCanceled)
  })

  it('ends a receive by its signal', async () => {
    const controller = new AbortController()
    const received = inbox.receive({ signal: controller.signal })
    controller.abort(new Error('enough'))
    expect(await received.catch((e: Error) => e.message)).to.equal('enough')
  })

  it('says why an actor ended', async () => {
    const failing = await spawnVm(program('failing'))
    expect((await failing.closed).reason).to.match(/^panicked: on purpose/)
    expect(await failure(() => { failing.send(1) })).to.include({ code: 'CHANNEL_CLOSED' })
  })

  it('ends an actor that nobody can send to', async () => {
    const waiting = await spawnVm(program('waiting'))
    const { closed } = waiting
    waiting.close()
    expect((await closed).reason).to.equal('ended')
    expect(await failure(() => { waiting.send(1) })).to.include({ code: 'CHANNEL_CLOSED' })
  })

  it('runs an actor on a thread of its own', async () => {
    const own = await spawnVm<unknown>(program('echo'), { inheritContext: false })
    own.send(inbox)
    own.send('alone')
    expect(await inbox.receive<object>()).to.include({ message: 'alone' })
    own.close()
    expect((await own.closed).reason).to.equal('ended')
  })

  it('rejects a program that is not there, or not in Lua', async () => {
    expect(await failure(() => spawnVm(program('nothing')))).to.include({ code: 'ENOENT', arg: 'program' })
    expect(await failure(() => spawnVm(new URL(import.meta.url)))).to.include({ code: 'EINVAL', arg: 'module' })
  })
})
