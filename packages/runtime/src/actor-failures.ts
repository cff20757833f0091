// SPDX-License-Identifier: MIT OR BSL-1.0
// In the process of an actor: what its starter is told of its failures.
import { subscribe } from 'node:diagnostics_channel'
import { tellEnd, tellFailure } from '@emilua/native'
import { described, panicChannel, type Panic } from './panic.js'

/** Class, message and code first, and what else is known of an error, its stack above all, in lines below. */
function partsOf (error: unknown): [headline: string, details: string] {
  const [first = '', ...rest] = described(error).split('\n')
  const code = codeOf(error)
  return [code === undefined || first.includes(code) ? first : `${first} [${code}]`, rest.length === 0 ? '' : ['stack traceback:', ...rest.map(line => `\t${line.replace(/^ {4}/, '')}`)].join('\n')]
}

function codeOf (error: unknown): string | undefined {
  try {
    const { code } = error as { code?: unknown }
    return typeof code === 'string' ? code : undefined
  } catch {
    // Whatever was thrown, its getters may throw, too.
    return undefined
  }
}

/** Has who started this process hear of every failure that nobody waited for, and of the error that the process ends with. */
export function tellOfFailures (): void {
  // Nobody may read its standard error, and that is no failure of its own.
  const ignore = (): void => {}
  subscribe(panicChannel, message => {
    process.stderr.off('error', ignore).on('error', ignore)
    const { who, error } = message as Panic
    const [headline, details] = partsOf(error)
    tellFailure(`${who} panicked: ${headline}`, details)
  })
  process.on('uncaughtExceptionMonitor', error => {
    if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return
    const [headline, details] = partsOf(error)
    tellFailure(`panicked: ${headline}`, details)
    tellEnd(`panicked: ${headline}`, details)
  })
}
