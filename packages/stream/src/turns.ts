// SPDX-License-Identifier: MIT OR BSL-1.0
import { suspend, type OperationOptions, type Settle } from '@emilua/native/fiber'

/** The streams that somebody writes all of a buffer to, and who waits to be next. */
const writing = new WeakMap<object, Settle<void>[] | null>()

/** Takes the turn to write to `stream`, if nobody has it. */
export function tryTurn (stream: object): boolean {
  if (writing.has(stream)) return false
  writing.set(stream, null)
  return true
}

/** Waits for the turn to write to `stream`, which somebody has: in order. Suspends, and is a cancellation point. */
export function waitForTurn (stream: object, options: OperationOptions | undefined): Promise<void> {
  return suspend<void>(options, settle => {
    let queue = writing.get(stream)
    if (queue === undefined || queue === null) writing.set(stream, queue = [])
    queue.push(settle)
    return reason => {
      queue.splice(queue.indexOf(settle), 1)
      settle.reject(reason)
    }
  })
}

/** Gives the turn to the next one. */
export function endTurn (stream: object): void {
  const next = writing.get(stream)?.shift()
  if (next === undefined) writing.delete(stream)
  else next.resolve()
}
