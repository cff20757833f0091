// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { inbox, spawnVm, type Channel } from '@emilua/runtime'

const program = (name: string): URL => new URL(`./actors/${name}`, import.meta.url)

/** What is resident of this process, in MB. */
function memory (): number {
  globalThis.gc?.()
  return Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1]) * 4096 / 2 ** 20
}

type Step =
  | { do: 'spawn', language: 'lua' | 'mjs' } | { do: 'send', to: number, through: number } | { do: 'close', which: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('spawn' as const), language: fc.constantFrom('lua' as const, 'lua' as const, 'mjs' as const) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('send' as const), to: fc.nat(9), through: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), which: fc.nat(9) }) }
)

interface Item { sender: number, number: number }

describe('actors in numbers', function () {
  this.timeout(60_000)

  it('lose, double and reorder no message, whoever passes it on and whoever ends meanwhile', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
      const actors: Channel<unknown>[] = []
      const open = new Set<number>()
      // The model: what each actor was told to pass on, in order.
      const sent: Item[][] = []
      for (const each of steps) {
        if (each.do === 'spawn') {
          if (actors.length === 10 || (each.language === 'mjs' && actors.length > 3)) continue
          open.add(actors.length)
          sent.push([])
          actors.push(await spawnVm<unknown>(program(`relay.${each.language}`)))
        } else if (each.do === 'close') {
          if (open.delete(each.which)) actors[each.which]!.close()
        } else if (open.has(each.through)) {
          const item = { sender: each.through, number: sent[each.through]!.length }
          sent[each.through]!.push(item)
          actors[each.through]!.send({ to: inbox, message: item })
        }
      }
      const got: Item[][] = actors.map(() => [])
      for (let left = sent.flat().length; left > 0; left--) {
        const item = await inbox.receive<Item>()
        got[item.sender]!.push(item)
      }
      expect(got).to.deep.equal(sent)
      for (const which of open) actors[which]!.close()
      for (const actor of actors) expect((await actor.closed).reason).to.equal('ended')
    }), { numRuns: 25 })
  })

  it('keep no memory: of messages, and of actors that have ended', async function () {
    // The sanitizer keeps what is freed for a while.
    if ('ASAN_OPTIONS' in process.env) this.skip()
    const echo = await spawnVm<unknown>(program('relay.lua'))
    const round = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        echo.send({ to: inbox, message: { i, text: 'some text', list: [1, 2, 3] } })
        if (i % 100 === 99) for (let j = 0; j < 100; j++) await inbox.receive()
      }
      for (let i = 0; i < count / 100; i++) {
        const short = await spawnVm(program('waiting.lua'))
        short.close()
        await short.closed
      }
    }
    await round(20_000)
    const before = memory()
    await round(100_000)
    expect(memory() - before).to.be.lessThan(40)
    echo.close()
    await echo.closed
  })

  it('end in the middle: of messages that come, of addresses that are sent', async () => {
    // What waits in an inbox keeps the addresses that are in it.
    const received = (async () => {
      for (;;) {
        const message = await inbox.receive<unknown>()
        if (message === 'the last') return
        (message as Channel).close()
      }
    })()
    const ended: Promise<unknown>[] = []
    for (let i = 0; i < 300; i++) {
      const first = await spawnVm<unknown>(program('relay.lua'))
      const second = await spawnVm<unknown>(program(i % 50 === 0 ? 'relay.mjs' : 'relay.lua'))
      first.send({ to: second, message: { to: first, message: 'round' } })
      second.send({ to: first, message: {} })
      first.close()
      for (let j = 0; j < 5; j++) {
        try { second.send({ to: inbox, message: second }) } catch { /* it has ended already */ }
      }
      second.close()
      ended.push(first.closed, second.closed)
    }
    await Promise.all(ended)
    const last = await spawnVm<unknown>(program('relay.lua'))
    last.send({ to: inbox, message: 'the last' })
    await received
    last.close()
    await last.closed
  })
})
