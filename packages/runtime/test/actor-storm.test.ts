// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { inbox, spawnVm, type Channel } from '@emilua/runtime'
import { program } from './actors.js'

/** EMILUA_STORM multiplies how many: 10 gives a million messages and ten thousand actors. */
const storm = Number(process.env.EMILUA_STORM ?? 1)

/** What is resident of this process, in MB. */
function memory (): number {
  globalThis.gc?.()
  return Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1]) * 4096 / 2 ** 20
}

describe('actors in numbers', function () {
  this.timeout(60_000 * storm)

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
    for (let i = 0; i < storm; i++) await round(100_000)
    expect(memory() - before).to.be.lessThan(40)
    echo.close()
    await echo.closed
  })

  it('hand large bytes over: a message of them is one more copy, and not two', async () => {
    const size = 2 ** 26
    const actor = await spawnVm<unknown>(program('large.lua'))
    actor.send({ to: inbox, size })
    expect(await inbox.receive()).to.equal('ready')
    // Begins a new measure of the most that is resident.
    writeFileSync('/proc/self/clear_refs', '5')
    const resident = (what: string): number => Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024
    const before = resident('VmRSS')
    actor.send('go')
    const bytes = await inbox.receive<Uint8Array>()
    expect([bytes.length, bytes[0], bytes[size - 1]]).to.deep.equal([size, 0, 7])
    expect((resident('VmHWM') - before) / size).to.be.within(0.5, 1.5)
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
    for (let i = 0; i < 300 * storm; i++) {
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

  it('end with a worker that ends in the middle, by itself or from outside', async () => {
    for (let i = 0; i < 6 * storm; i++) {
      const quitter = await spawnVm<unknown>(program('quitter.mjs'))
      const count = 40 + i
      quitter.send({ to: inbox, count })
      for (let n = 0; n < count; n++) {
        expect(await inbox.receive()).to.equal(n)
        try { quitter.send({ n, address: inbox }) } catch { /* it has ended already */ }
      }
      await quitter.closed
      expect(() => { quitter.send(1) }).to.throw().with.property('code', 'CHANNEL_CLOSED')
      quitter.close()

      // Not an actor of ours: it has some, and is terminated while they talk.
      const worker = new Worker(program('storm.mjs'), { argv: ['-1'], stderr: true })
      if (i % 3 !== 0) await new Promise(resolve => worker.once('online', resolve))
      for (let n = 0; n < i * 10; n++) await new Promise(resolve => setImmediate(resolve))
      await worker.terminate()
    }
  })

  it('end with Node, wherever they are', () => {
    for (let i = 0; i < 6 * storm; i++) {
      const way = i % 3 === 2 ? 'throw' : 'exit'
      const { status, signal, stderr } = spawnSync(process.execPath, [fileURLToPath(program('storm.mjs')), String(i * 50), way], {
        encoding: 'utf8', timeout: 60_000, env: { ...process.env, EMILUA_SHUFFLE: undefined }
      })
      expect([status, signal]).to.deep.equal([way === 'throw' ? 1 : 7, null], stderr)
      if (way === 'exit') expect(stderr).to.equal('')
      else expect(stderr).to.contain('in the middle')
    }
  })
})
