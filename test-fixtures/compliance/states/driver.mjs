// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Takes the operation of ROW through STATE (both in the environment) and prints a line of JSON about it. Without them it
 * prints what it knows.
 */
import { isEof } from '@emilua/errors'
import { FiberCanceled, spawn } from '@emilua/runtime'
import assert from 'node:assert'
import { writeSync } from 'node:fs'
import { Worker, isMainThread, parentPort } from 'node:worker_threads'
import { archetypes } from './archetypes.mjs'
import { fixtures, turns } from './fixtures.mjs'

const operation = process.env.ROW ? await import('./row.mjs') : null
const row = operation?.row
const settle = () => turns(5)

function report (problem) {
  writeSync(1, JSON.stringify({ problem }) + '\n')
}

/** Starts the operation; what is returned tells how it ended. */
function start (c, options) {
  const outcome = { ended: false, ok: false, value: undefined, error: undefined }
  outcome.done = operation.start(c, options).then(
    value => { Object.assign(outcome, { ended: true, ok: true, value }) },
    error => { Object.assign(outcome, { ended: true, error }) })
  return outcome
}

async function succeed (c, outcome) {
  await operation.succeedSoon(c)
  await outcome.done
  if (!outcome.ok) throw outcome.error
  await operation.check(c, outcome.value)
}

/** The operation is as usable as if nothing had been canceled. */
async function retry (c) {
  await operation.again(c)
  if (row.short) c = await operation.make(true)
  await succeed(c, start(c))
}

/** The name that the lists give to `error`. */
function nameOf (error) {
  if (isEof(error)) return 'eof'
  return { ECANCELED: 'aborted', CHANNEL_CLOSED: 'channel_closed' }[error.code] ?? error.code
}

function expectEnd (outcome, names) {
  const name = outcome.ok ? 'success' : nameOf(outcome.error)
  assert(names.includes(name), `ended with ${outcome.ok ? name : outcome.error}, not ${names.join(' or ')}`)
}

function detach (c) {
  const bytes = c[row.buffer.of]
  structuredClone(bytes, { transfer: [bytes.buffer] })
}

const states = {
  async 'aborted before it starts' () {
    if (row.unsignaled) return
    const c = await operation.make()
    const reason = new Error('the reason')
    await assert.rejects(operation.start(c, { signal: AbortSignal.abort(reason) }), error => error === reason)
    const next = row.short ? await operation.make(true) : c
    await succeed(next, start(next))
  },

  async 'aborted while it waits' () {
    if (row.unsignaled) return
    const c = await operation.make()
    const controller = new AbortController()
    const outcome = start(c, { signal: controller.signal })
    if (!row.prompt) {
      await settle()
      assert(!outcome.ended, 'it did not wait')
    }
    const reason = new Error('the reason')
    controller.abort(reason)
    await outcome.done
    if (outcome.ok) {
      assert(row.prompt, 'it succeeded')
      return operation.check(c, outcome.value)
    }
    assert.equal(outcome.error, reason)
    await retry(c)
  },

  async 'aborted after it succeeded' () {
    if (row.unsignaled) return
    const c = await operation.make(true)
    const controller = new AbortController()
    const reason = new Error('the reason')
    const outcome = start(c, { signal: controller.signal })
    await settle()
    await operation.succeedSoon(c)
    for (let i = 0; i < 1000 && !outcome.ended; i++) await turns(1)
    controller.abort(reason)
    await outcome.done
    if (outcome.ok) return operation.check(c, outcome.value)
    assert.equal(outcome.error, reason)
    // The abortion was first: then nothing has happened.
    await operation.again(c)
    const second = start(c)
    await second.done
    if (!second.ok) throw second.error
    await operation.check(c, second.value)
  },

  // Jobs wait for a thread of their pool, and what waits for one must end too.
  async 'aborted with many of them under way' () {
    if (row.unsignaled || !row.prompt) return
    const controller = new AbortController()
    const reason = new Error('the reason')
    const sets = await Promise.all(Array.from({ length: 16 }, () => operation.make()))
    const outcomes = sets.map(c => start(c, { signal: controller.signal }))
    await turns(1)
    controller.abort(reason)
    for (const [i, outcome] of outcomes.entries()) {
      await outcome.done
      if (outcome.ok) {
        await operation.check(sets[i], outcome.value)
      } else {
        assert.equal(outcome.error, reason)
        await retry(sets[i])
      }
    }
  },

  async 'its fiber canceled' () {
    const c = await operation.make()
    const fiber = spawn(() => operation.start(c))
    await settle()
    fiber.cancel()
    const { value, error } = await fiber.join().then(value => ({ value }), error => ({ error }))
    if (!error) {
      assert(row.prompt, 'it succeeded')
      return operation.check(c, value)
    }
    assert(error instanceof FiberCanceled, String(error))
    await retry(c)
  },

  async 'peer gone' () {
    if (typeof row.gone === 'string') return
    const c = await operation.make()
    let outcome = start(c)
    await settle()
    await c.gone()
    await outcome.done
    while (outcome.ok && row.repeats) await (outcome = start(c)).done
    expectEnd(outcome, row.gone)
  },

  async 'closed under it' () {
    if (typeof row.closed === 'string') return
    const c = await operation.make()
    const outcome = start(c)
    await settle()
    await c.close()
    await outcome.done
    expectEnd(outcome, row.closed)
  },

  async 'its buffer detached' () {
    if (!row.buffer || row.prompt) return
    const c = await operation.make()
    const outcome = start(c)
    await settle()
    detach(c)
    await operation.succeedSoon(c)
    await outcome.done
    expectEnd(outcome, ['EINVAL'])
    assert.equal(outcome.error.arg, row.buffer.parameter)
  },

  async 'its buffer detached before it starts' () {
    if (!row.buffer) return
    const c = await operation.make()
    detach(c)
    await assert.rejects(operation.start(c), error => error.code === 'EINVAL' && error.arg === row.buffer.parameter)
  },

  async 'process ends with it pending' () {
    start(await operation.make())
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

if (!row) {
  const tell = (kind, known) => { for (const name of Object.keys(known)) console.log(`${kind}: ${name}`) }
  tell('suspending', states)
  tell('blocking', states)
  tell('archetype', archetypes)
  tell('fixture', fixtures)
} else if (isMainThread) {
  const problem = await states[process.env.STATE]().then(() => null, error => error?.stack ?? String(error))
  report(problem)
  process.exit(0)
} else {
  // Then there is nothing to leave pending.
  if (!row.master) start(await operation.make())
  await settle()
  parentPort.postMessage('pending')
}
