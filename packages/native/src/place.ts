// SPDX-License-Identifier: MIT OR BSL-1.0

/** Whether places are noted: a stack for each fiber that is spawned and each wait is dear. */
export const places = { recorded: process.env.EMILUA_OBSERVE === '1' }

/** Where all packages of Emilua lie, beside this one. */
const ours = new URL('../../', import.meta.url).href
const deepest = 30
const frame = /^ *at (?:(.+) \()?(.+:\d+):\d+\)?$/

function isOurs (file: string): boolean {
  if (file.startsWith('node:') || file.includes('/@emilua/')) return true
  const url = file.startsWith('/') ? `file://${file}` : file
  return url.startsWith(ours) && /^[^/]+\/(dist|bundled|src)\//.test(url.slice(ours.length))
}

/** A place in the program, and when it was there. */
export class Place {
  private readonly at = performance.now()
  private readonly trace: { stack?: string } = {}

  /** Notes where the program is. What it means is worked out when somebody asks. */
  constructor () {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = deepest
    Error.captureStackTrace(this.trace, Place)
    Error.stackTraceLimit = limit
  }

  /** Since it was noted. */
  get seconds (): number { return (performance.now() - this.at) / 1000 }

  /** The functions of the program that were called there, innermost first, as lines of a stack. */
  frames (): string[] {
    const { stack } = this.trace
    if (typeof stack !== 'string') return []
    return stack.split('\n').slice(1).filter(line => {
      const location = frame.exec(line)?.[2]
      return location !== undefined && !isOurs(location)
    })
  }

  /** The innermost function of the program. */
  read (): { where: string, function: string | undefined } | null {
    const [innermost] = this.frames()
    if (innermost === undefined) return null
    const [, fn, location] = frame.exec(innermost)!
    return { where: location!.replace(/^file:\/\//, ''), function: fn?.replace(/^async /, '') }
  }
}
