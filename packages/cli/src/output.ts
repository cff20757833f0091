// SPDX-License-Identifier: MIT OR BSL-1.0
import type { Writable } from 'node:stream'

/** What a shell says of a program that SIGPIPE has ended, which Node ignores. */
const brokenPipe = 141

/** Whether `error` says that nobody reads the standard output any more. */
export function isOfBrokenOutput (error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, path } = error as { code?: unknown, path?: unknown }
  return code === 'EPIPE' && path === '/dev/stdout'
}

/** Ends the program as SIGPIPE would. */
export function endByBrokenPipe (): never {
  process.exit(brokenPipe)
}

/** How many listen to errors of `stdout` but us and Node: the console while it writes, and each pipe, such as a worker's. */
function ownListeners (stdout: Writable): number {
  const others = stdout.listeners('error').filter(({ name }) => name !== 'noop')
  return others.length - 1 - stdout.listenerCount('unpipe')
}

function watch (stdout: Writable): void {
  const failed = (error: Error): void => {
    // A program that listens decides by itself.
    if (ownListeners(stdout) > 0) return
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') endByBrokenPipe()
    throw error
  }
  stdout.on('error', failed)
  const { write } = stdout
  // A loop that only prints never comes to the event.
  stdout.write = function (this: Writable, ...args: Parameters<Writable['write']>): boolean {
    const more = write.apply(this, args)
    if (stdout.errored) failed(stdout.errored)
    return more
  } as Writable['write']
}

/**
 * Lets a program that prints what nobody reads end quietly, as others do behind `| head`: Node reports the failure of
 * `process.stdout.write`, and lets one that calls `console.log` go on for nobody.
 */
export function endWithReader (): void {
  // Of those that never print, the stream is not made.
  const property = Object.getOwnPropertyDescriptor(process, 'stdout')
  if (property?.get === undefined || property.configurable !== true) return
  Object.defineProperty(process, 'stdout', {
    ...property,
    get (): Writable {
      Object.defineProperty(process, 'stdout', property)
      watch(process.stdout)
      return process.stdout
    }
  })
}
