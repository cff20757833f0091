// SPDX-License-Identifier: MIT OR BSL-1.0
// Children that are given up at every point: afterwards none is left, nor a descriptor, nor a thread.
import * as fibers from '@emilua/runtime'
import * as system from '@emilua/system'
import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

const sleeper = { program: 'sleep', arguments: ['sleep', '1000'] }
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
const count = (what: 'fd' | 'task'): number => readdirSync(`/proc/self/${what}`).length

/** Until no child of this process is left. */
async function childless (): Promise<void> {
  const children = (): string[] => execFileSync('sh', ['-c', `cat /proc/${process.pid}/task/*/children 2>/dev/null || :`], { encoding: 'utf8' })
    .trim().split(/\s+/).filter(pid => pid !== '' && existsSync(`/proc/${pid}/cmdline`))
  // The one that looks is a child, too.
  while (children().length > 1) await turn()
}

/** Waits `n` turns of the one kind or of the other, and then does `end`. */
async function after (n: number, end: () => void): Promise<void> {
  for (let i = 0; i < n; i++) await (n % 2 === 0 ? Promise.resolve() : turn())
  end()
}

describe('children', function () {
  this.timeout(60_000)
  let descriptors = 0
  before(async () => {
    // What is made once: the reaper of Node, the pool.
    await (await system.spawn(sleeper))[Symbol.asyncDispose]()
    descriptors = count('fd')
  })
  afterEach(async () => {
    await childless()
    expect(count('fd')).most(descriptors)
  })

  for (const [name, opts] of [['', sleeper], [' with pipes and a time limit', { ...sleeper, stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', timeout: 100 }]] as const) {
    it(`end with a fiber that is canceled at any point${name}`, async () => {
      for (let n = 0; n < 30; n++) {
        const fiber = fibers.spawn(async () => {
          await using child = await system.spawn(opts)
          await child.wait()
        })
        await after(n, () => { fiber.cancel() })
        await fiber.join().catch(() => {})
      }
    })
  }

  it('end when their signal is aborted at any point', async () => {
    for (let n = 0; n < 30; n++) {
      const controller = new AbortController()
      const { signal } = controller
      const child = system.spawn({ ...sleeper, signal }).then(async child => { await child.wait() }, () => {})
      const said = system.run({ ...sleeper, signal }).catch(() => {})
      const unborn = system.spawn(sleeper, { signal }).then(async child => { await child[Symbol.asyncDispose]() }, () => {})
      await after(n, () => { controller.abort() })
      await Promise.all([child, said, unborn])
    }
  })

  it('end with their worker, which is ended at any point', async () => {
    const program = `import { spawn } from '${import.meta.resolve('@emilua/system')}'
      import { parentPort } from 'node:worker_threads'
      parentPort.postMessage('begun')
      await Promise.all(Array.from({ length: 12 }, async (_, i) => {
        const child = await spawn({ program: 'sleep', arguments: ['sleep', '1000'], stdout: 'pipe', signalOnGcreaper: i % 2 === 0 ? 15 : 9 })
        parentPort.postMessage(child.pid)
        await child.wait()
      }))`
    const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`)
    const tasks = count('task')
    for (let n = 0; n < 14; n++) {
      const worker = new Worker(url)
      let left = n
      await new Promise<void>((resolve, reject) => {
        worker.once('error', reject).on('message', () => { if (left-- <= 1) resolve() })
        if (n === 0) setImmediate(resolve)
      })
      await worker.terminate()
    }
    await childless()
    while (count('task') > tasks) await turn()
  })

  it('are a thousand at once, a third killed while they start, a third not waited for', async () => {
    const kept = await Promise.all(Array.from({ length: 1000 }, async (_, i) => {
      const child = await system.spawn({ ...sleeper, signalOnGcreaper: 9 })
      if (i % 3 === 0) child.kill(15)
      if (i % 3 === 1) await child[Symbol.asyncDispose]()
      return child
    }))
    for (const child of kept) if (child.pid !== undefined) child.kill(9)
    const waits = kept.map(child => fibers.spawn(() => child.wait()))
    for (const [i, wait] of waits.entries()) if (i % 5 === 0) wait.cancel()
    await Promise.allSettled(waits.map(wait => wait.join()))
    await Promise.all(kept.map(child => child.wait()))
    const signals = new Set(kept.map(child => child.exitSignal))
    expect([...signals].sort()).deep.equal([15, 9])
  })
})
