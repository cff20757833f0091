// SPDX-License-Identifier: MIT OR BSL-1.0

/** Sends an object of the class that MOVE is about to an actor, and prints a line of JSON about it. */
import { inbox, spawnVm } from '@emilua/runtime'
import assert from 'node:assert'
import { writeSync } from 'node:fs'
import { resolve } from './archetypes.mjs'
import { turns } from './fixtures.mjs'
import { camel } from '../names.mjs'

const job = JSON.parse(process.env.MOVE)
const operation = process.env.ROW ? await import('./row.mjs') : null
const row = operation?.row

const program = new URL(job.partner === 'typescript' ? 'partner.mjs' : 'partner.lua', import.meta.url)
const partner = await spawnVm(program, job.partner === 'lua on its own thread' ? { inheritContext: false } : {})
partner.send(inbox)

async function objectOf ({ expression, before, modules }) {
  const imported = await Promise.all(modules.map(async ([, name]) => import(name)))
  const AsyncFunction = (async () => {}).constructor
  return new AsyncFunction('partner', ...modules.map(([name]) => name), `${before}\nreturn ${expression}`)(partner, ...imported)
}

/** `message` is refused, for its part at `path`, with `code`. */
function refused (message, path, code) {
  assert.throws(() => { partner.send(message) }, error => {
    assert.equal(error.code, code, String(error))
    assert.equal(error.arg, path, String(error))
    return true
  })
}

/** What is an equal of an object of this class. */
const equal = (a, b) => !job.equal || a.equals(b)

async function succeed (c) {
  const done = operation.start(c)
  await turns(5)
  await operation.succeedSoon(c)
  await operation.check(c, await done)
}

const ways = {
  /** Nothing is said of how it leaves: it does not. */
  async stays () {
    const object = await objectOf(job)
    refused(object, 'message', 'EINVAL')
    refused({ list: [1, [object]] }, 'message.list[1][0]', 'EINVAL')
  },

  /** What is sent stays, and may be sent as often as one likes. */
  async copy () {
    const object = await objectOf(job)
    for (let i = 0; i < 2; i++) {
      partner.send({ one: object, list: [object] })
      const { one, list } = await inbox.receive()
      assert.equal(one.constructor, object === inbox ? partner.constructor : object.constructor)
      assert(equal(one, list[0]), 'two that differ')
      assert(object === inbox || equal(one, object), 'another one')
    }
  },

  value () { return ways.copy() },

  async move () {
    const [c, other] = [await operation.make(), await operation.make()]

    refused([c.object, [c.object]], 'message[1][0]', 'EINVAL')
    refused([c.object, { unsendable: () => {} }], 'message[1].unsendable', 'EINVAL')
    const controller = new AbortController()
    const waiting = operation.start(other, { signal: controller.signal })
    refused(other.object, 'message', 'EBUSY')
    if (!row.prompt) await turns(5)
    refused({ free: c.object, busy: [other.object] }, 'message.busy[0]', 'EBUSY')
    controller.abort()
    await waiting.catch(() => operation.again(other))
    // Nothing has left in all of this.
    const original = c.object
    const given = row.arguments.map(text => resolve(c, text))
    const method = camel(row.method)
    partner.send({ object: original, method: job.partner === 'typescript' ? method : row.method, arguments: given })
    refused(original, 'message', 'EBADF')
    await assert.rejects(async () => original[method](...given), { code: 'EBADF' })

    // It works there.
    await operation.succeedSoon(c)
    const { object, got, arguments: back } = await inbox.receive()
    assert(got.failed === undefined, got.failed)
    c.object = object
    for (const [i, text] of row.arguments.entries()) {
      if (/^\$\w+$/.test(text)) c[camel(text.slice(1))] = back[i]
    }
    await operation.check(c, got[0])
    // And here again, as does the one that did not go.
    if (row.archetype !== 'waiter') await succeed(c)
    await succeed(other)
  }
}

const problem = await ways[job.way]().then(() => null, error => error?.stack ?? String(error))
writeSync(1, JSON.stringify({ problem }) + '\n')
process.exit(0)
