// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * The timers of the process as they were when this module was loaded: test runners put fakes in their place, and
 * fibers have to go on nevertheless.
 */
export const { setImmediate, setTimeout, clearTimeout, queueMicrotask } = globalThis

/** `process.nextTick`, likewise. */
export const { nextTick } = process

const now = performance.now.bind(performance)

/** What a timer of Node can wait at most. */
const longest = 2 ** 31 - 1

/**
 * Calls `then` after so many seconds, however many they are; never after `Infinity`.
 *
 * @returns how to prevent that
 */
export function after (seconds: number, then: () => void): () => void {
  if (seconds === Infinity) return () => {}
  const end = now() + seconds * 1000
  let timer: NodeJS.Timeout
  const wait = (): void => {
    const left = Math.ceil(end - now())
    if (left <= 0) then()
    else timer = setTimeout(wait, Math.min(left, longest))
  }
  wait()
  return () => { clearTimeout(timer) }
}
