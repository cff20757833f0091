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

/** The listener that the console has while it writes, so that its failures are no matter. */
const isOfConsole = ({ name }: { name: string }): boolean => name === 'noop'

function watch (stdout: Writable): void {
  let byConsole = false
  // Whoever listens as well, but for Node itself, whose pipes do so (as that of a worker), decides.
  const isOurs = (): boolean =>
    stdout.listeners('error').filter(listener => !isOfConsole(listener)).length - stdout.listenerCount('unpipe') === 1
  const isBroken = (error: Error | null): boolean => (error as NodeJS.ErrnoException | null)?.code === 'EPIPE'
  stdout.on('error', error => {
    if (!isOurs()) return
    if (isBroken(error)) endByBrokenPipe()
    if (!byConsole) throw error
  })
  const { write } = stdout
  stdout.write = function (this: Writable, ...args: Parameters<Writable['write']>): boolean {
    byConsole = stdout.listeners('error').some(isOfConsole)
    const more = write.apply(this, args)
    // A loop that only prints never comes to the event.
    if (isBroken(stdout.errored) && isOurs()) endByBrokenPipe()
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
