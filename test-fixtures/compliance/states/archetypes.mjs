// SPDX-License-Identifier: MIT OR BSL-1.0
import { sleep } from '@emilua/time'
import assert from 'node:assert'
import { camel } from '../names.mjs'

/** What an argument of a row stands for: `$peer.local_port` is `c.peer.localPort`, all else is itself. */
export function resolve (c, text) {
  if (typeof text !== 'string' || text[0] !== '$') return text
  const value = text.slice(1).split('.').reduce((object, name) => object[camel(name)], c)
  assert(value !== undefined, `the fixture has no ${text}`)
  return value
}

/** What the row expects of the result, or of the object where there is no result. */
function expected (c, row, got) {
  if (row.list) assert(got.length > 0)
  if (typeof row.expect === 'object') {
    const subject = got === undefined ? c.object : got
    for (const [name, wanted] of Object.entries(row.expect)) assert.equal(subject[camel(name)], resolve(c, wanted), name)
  } else if (row.expect !== undefined) {
    assert.equal(got, resolve(c, row.expect))
  }
}

const nothing = () => {}

/**
 * What an operation of each archetype does, on a set of objects `c` that a fixture made:
 *
 *   let(c)              makes it succeed while it waits
 *   check(c, row, got)  looks at what a success gave
 *   again(c)            undoes a cancellation where the operation cannot simply be started again
 */
export const archetypes = {
  reader: {
    let: c => c.feed(),
    check: (c, row, n) => assert(n > 0 && text(c.buffer.subarray(0, n)) === 'hello'.slice(0, n))
  },
  writer: { let: c => c.drain(), check: (c, row, n) => assert(n > 0) },
  sender: { let: c => c.drain(), check: expected },
  acceptor: { let: c => c.feed(), check: expected },
  connector: { let: c => c.drain(), check: expected, again: c => c.object.close() },
  datagram_reader: {
    let: c => c.feed(),
    check (c, row, got) {
      const { size, port, path } = row.results.length > 1 ? got : { size: got }
      assert.equal(size, 5)
      assert.equal(text(c.buffer), 'hello')
      if (port !== undefined) assert.equal(port, c.peer.localPort)
      if (path !== undefined) assert(path.equals(c.peer.localPath))
    }
  },
  datagram_writer: { let: nothing, check: expected },
  waiter: { let: c => c.feed(), check: c => c.take() },
  receiver: { let: c => c.feed(), check: expected },
  // Changing the expiry would cancel the wait: a timer of its own ends with time only.
  timer: { let: () => sleep(0.03), check: nothing },
  job: { let: nothing, check: expected }
}

function text (bytes) {
  return new TextDecoder().decode(bytes)
}
