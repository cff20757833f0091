// SPDX-License-Identifier: MIT OR BSL-1.0
import { typescriptType } from './types.mjs'

/** The expression of constant `m`, which the addon knows as `key`: what differs between machines is read from the core. */
export function constantText (m, key) {
  return m.varies ? `native['${key}'] as unknown as ${typescriptType(m.type, null, false)}` : literal(m.value)
}

/** A literal in the quotes of the house. */
function literal (value) {
  if (typeof value !== 'string') return JSON.stringify(value)
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
