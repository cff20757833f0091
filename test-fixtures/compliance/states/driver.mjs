// SPDX-License-Identifier: MIT OR BSL-1.0

/** Takes the operation OPERATION through STATE (both in the environment) and prints a line of JSON about it. */
import { FiberCanceled, spawn } from '@emilua/runtime'
import assert from 'node:assert'
import { writeSync } from 'node:fs'
import { Worker, isMainThread, parentPort } from 'node:worker_threads'
import { nameOf, rows, turns } from './rows.mjs'

const row = rows[process.env.OPERATION]
const makeShort = () => (row.makeShort ?? row.make)()
const settle = () => turns(5)

function report (problem) {
  writeSync(1, JSON.stringify({ problem }) + '\n')
}

/** Starts the operation; what is returned tells how it ended. */
function start (c, options) {
  const outcome = { ended: false, ok: false, value: undefined, error: undefined }
  outcome.done = row.start(c, options).then(
    value => { Object.assign(outcome, { ended: true, ok: true, value }) },
    error => { Object.assign(outcome, { ended: true, error }) })
  return outcome
}

async function succeed (c, outcome) {
  await row.let(c)
  await outcome.done
  if (!outcome.ok) throw outcome.error
  await row.check(c, outcome.value)
}

/** The operation is as usable as if nothing had been canceled. */
async function retry (c) {
  if (row.again) await row.again(c)
  if (row.makeShort) c = await makeShort()
  await succeed(c, start(c))
}

function expectEnd (outcome, names) {
  const name = outcome.ok ? 'success' : nameOf(outcome.error)
  assert(names.includes(name), `ended with ${outcome.ok ? name : outcome.error}, not ${names.join(' or ')}`)
}

const states = {
  async 'aborted before it starts' () {
    if (row.withoutSignal) return
    const c = await row.make()
    const reason = new Error('the reason')
    await assert.rejects(row.start(c, { signal: AbortSignal.abort(reason) }), error => error === reason)
    const next = row.makeShort ? await makeShort() : c
    await succeed(next, start(next))
  },

  async 'aborted while it waits' () {
    if (row.withoutSignal) return
    const c = await row.make()
    const controller = new AbortController()
    const outcome = start(c, { signal: controller.signal })
    if (!row.prompt) {
      await settle()
      assert(!outcome.ended, 'it did not wait')
    }
    const reason = new Error('the reason')
    controller.abort(reason)
    await outcome.done
    if (outcome.ok) return assert(row.prompt, 'it succeeded')
    assert.equal(outcome.error, reason)
    await retry(c)
  },

  async 'aborted after it succeeded' () {
    if (row.withoutSignal) return
    const c = await makeShort()
    const controller = new AbortController()
    const reason = new Error('the reason')
    const outcome = start(c, { signal: controller.signal })
    await settle()
    await row.let(c)
    for (let i = 0; i < 1000 && !outcome.ended; i++) await turns(1)
    controller.abort(reason)
    await outcome.done
    if (outcome.ok) return row.check(c, outcome.value)
    assert.equal(outcome.error, reason)
    // The abortion was first: then nothing has happened.
    if (row.again) await row.again(c)
    const second = start(c)
    await second.done
    if (!second.ok) throw second.error
    await row.check(c, second.value)
  },

  async 'its fiber canceled' () {
    const c = await row.make()
    const fiber = spawn(() => row.start(c))
    await settle()
    fiber.cancel()
    const error = await fiber.join().then(() => null, error => error)
    if (error === null) return assert(row.prompt, 'it succeeded')
    assert(error instanceof FiberCanceled, String(error))
    await retry(c)
  },

  async 'peer gone' () {
    if (typeof row.gone === 'string') return
    const c = await row.make()
    let outcome = start(c)
    await settle()
    await row.gone(c)
    await outcome.done
    while (outcome.ok && row.repeats) await (outcome = start(c)).done
    expectEnd(outcome, row.afterGone)
  },

  async 'closed under it' () {
    if (typeof row.close === 'string') return
    const c = await row.make()
    const outcome = start(c)
    await settle()
    await row.close(c)
    await outcome.done
    expectEnd(outcome, row.afterClose ?? ['ECANCELED'])
  },

  async 'its buffer detached' () {
    if (!row.buffer) return
    const c = await row.make()
    const outcome = start(c)
    await settle()
    structuredClone(c[row.buffer], { transfer: [c[row.buffer].buffer] })
    await row.let(c)
    await outcome.done
    expectEnd(outcome, ['EINVAL'])
    assert.equal(outcome.error.arg, 'buffer')
  },

  async 'its buffer detached before it starts' () {
    if (!row.buffer) return
    const c = await row.make()
    structuredClone(c[row.buffer], { transfer: [c[row.buffer].buffer] })
    await assert.rejects(row.start(c), error => error.code === 'EINVAL' && error.arg === 'buffer')
  },

  async 'process ends with it pending' () {
    start(await row.make())
    await settle()
    report(null)
    process.exit(0)
  },

  async 'worker ends with it pending' () {
    const worker = new Worker(new URL(import.meta.url))
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    await worker.terminate()
  }
}

if (process.env.STATE === 'rows') {
  console.log(Object.keys(rows).join('\n'))
  process.exit(0)
} else if (isMainThread) {
  const problem = await states[process.env.STATE]().then(() => null, error => error?.stack ?? String(error))
  report(problem)
  process.exit(0)
} else {
  // Then there is nothing to leave pending.
  if (!row.mainThreadOnly) start(await row.make())
  await settle()
  parentPort.postMessage('pending')
}
