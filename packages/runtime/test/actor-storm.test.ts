// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { inbox, spawnVm, type Channel } from '@emilua/runtime'

const program = (name: string): URL => new URL(`./actors/${name}`, import.meta.url)

/** What is resident of this process, in MB. */
function memory (): number {
  globalThis.gc?.()
  return Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1]) * 4096 / 2 ** 20
}

describe('actors in numbers', function () {
  this.timeout(60_000)

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
