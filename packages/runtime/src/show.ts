// SPDX-License-Identifier: MIT OR BSL-1.0
import { inspect, type InspectOptions } from 'node:util'

/** What `inspect` hands to the method; the types of Node have given it two names. */
export type InspectOptionsStylized = InspectOptions & { stylize (text: string, style: string): string }

/** The method that `console.log` asks for what to show. */
export const custom: typeof inspect.custom = inspect.custom

/** What an object shows: its class, and what helps to know of it. `parts` fails for a prototype, which has none. */
export function show (name: string, parts: () => object, depth: number, options: InspectOptionsStylized): string {
  if (depth < 0) return options.stylize(`[${name}]`, 'special')
  try {
    return `${name} ${inspect(parts(), options)}`
  } catch {
    return `${name} {}`
  }
}
