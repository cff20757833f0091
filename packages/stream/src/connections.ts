// SPDX-License-Identifier: MIT OR BSL-1.0
import { natives, operate1 } from '@emilua/native'
import type { OperationOptions } from '@emilua/native/fiber'
import { acceptorAtFault } from './arguments.js'
import type { Acceptor } from './streams.js'

/** The process or the system has no room for another connection: it stays queued. */
const exhausted = new Set<unknown>(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])

/** A connection failed before it was accepted, as accept(2) has it: the next one is another matter. */
const passing = new Set<unknown>([
  'ECONNABORTED', 'ENETDOWN', 'EPROTO', 'ENOPROTOOPT', 'EHOSTDOWN', 'ENONET', 'EHOSTUNREACH', 'EOPNOTSUPP',
  'ENETUNREACH', 'EPERM', 'ETIMEDOUT'
])

// in seconds: what a queued connection may have to wait for more than its descriptor
const shortestRest = 0.005, longestRest = 0.1
/** Failures one after the other that are no longer taken for passing ones. */
const manyFailures = 16

function sleep (seconds: number, options: OperationOptions | undefined): Promise<void> {
  return operate1(natives('time')['sleep']!, 0, options, seconds)
}

/**
 * The connections that an acceptor hands out, until it is closed: `acceptor.close()` ends the loop. Leaving the loop
 * does not close the acceptor.
 *
 * Where `accept` fails because the process has too many descriptors or the system too little memory (`EMFILE`,
 * `ENFILE`, `ENOBUFS`, `ENOMEM`), it rests for 5 to 100 milliseconds and tries again, until there is room. Where a
 * connection failed before it was accepted (`ECONNABORTED` and the errors of the network that accept(2) lists), it goes
 * on with the next one.
 *
 * Every step suspends and is a cancellation point of the fiber that iterates.
 *
 * @throws `EINVAL` naming the acceptor, if it is none
 */
export function connections<T> (acceptor: Acceptor<T>, options?: OperationOptions): AsyncIterableIterator<T> {
  const error = acceptorAtFault(acceptor)
  if (error !== null) throw error
  const wasOpen = isOpen(acceptor)
  let ended = false
  const given = (value: T): IteratorResult<T, undefined> => ({ done: false, value })
  const failed = async (error: unknown): Promise<IteratorResult<T, undefined>> => {
    try {
      return given(await acceptAfter(error, acceptor, options))
    } catch (error) {
      // Who closes the acceptor wants no more connections, and no error.
      ended = wasOpen && !isOpen(acceptor) && closing.has((error as { code?: unknown }).code)
      if (!ended) throw error
      return { done: true, value: undefined }
    }
  }
  return {
    // No async function: in a burst, each would be one more round of microtasks for every connection.
    next () {
      return ended ? Promise.resolve({ done: true, value: undefined }) : acceptor.accept(options).then(given, failed)
    },
    return () {
      ended = true
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator] () { return this }
  }
}

const closing = new Set<unknown>(['ECANCELED', 'EBADF'])

function isOpen (acceptor: Acceptor<unknown>): boolean {
  return (acceptor as { isOpen?: boolean }).isOpen !== false
}

/** Goes on where `accept` failed with `error`. */
async function acceptAfter<T> (error: unknown, acceptor: Acceptor<T>, options: OperationOptions | undefined): Promise<T> {
  let rest = shortestRest
  for (let failures = 1; ; failures++) {
    const { code } = error as { code?: unknown }
    const passes = passing.has(code)
    if (!passes && !exhausted.has(code)) throw error
    if (!passes || failures >= manyFailures) {
      await sleep(rest, options)
      rest = Math.min(2 * rest, longestRest)
    }
    try {
      return await acceptor.accept(options)
    } catch (next) {
      error = next
    }
  }
}
