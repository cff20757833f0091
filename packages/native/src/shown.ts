// SPDX-License-Identifier: MIT OR BSL-1.0

import { addon, classKey } from './binding.js'

/** What is shown of a text. */
const longest = 40

/** A value in a message: a primitive as a program writes it, of anything else the kind. Never throws. */
export function shown (value: unknown): string {
  switch (typeof value) {
    case 'string': {
      const text = JSON.stringify(value.slice(0, longest))
      return value.length > longest ? `${text}…` : text
    }
    case 'bigint': return `${value}n`
    case 'number': return Object.is(value, -0) ? '-0' : String(value)
    case 'undefined': case 'boolean': return String(value)
    default: return value === null ? 'null' : kindOf(value)
  }
}

/** What kind of value it is, with its article, and nothing of its content. */
export function kindOf (value: unknown): string {
  if (value === undefined || value === null) return String(value)
  const name = typeof value === 'object' ? className(value) : typeof value
  return `${/^[aeio]/i.test(name) ? 'an' : 'a'} ${name}`
}

function className (value: object): string {
  try {
    if (Array.isArray(value)) return 'array'
    const { constructor } = value as { constructor: unknown }
    const name = typeof constructor === 'function' ? constructor.name : ''
    return name === '' || name === 'Object' ? 'object' : name
  } catch {
    return 'object' // a getter, or a proxy
  }
}

/** Where a class of ours lies: `systemClock`, `udp`, or the name of its module. */
function nameSpace (id: number): string {
  const [module, name] = addon().className(id).split('/') as [string, string]
  const dot = name.lastIndexOf('.')
  return (dot < 0 ? module : name.slice(0, dot)).replaceAll(/_./g, separated => separated.slice(1).toUpperCase())
}

/**
 * The end of a message that says what was expected: `, not 70000`; nothing where that would say nothing new.
 *
 * @param secret - whether the content must not be told
 */
export function butGot (expected: string, value: unknown, secret = false): string {
  if (expected.includes(', not ') || expected.includes('one of the fields')) return ''
  if (Array.isArray(value) && /at most \d+ \w+$/.test(expected)) return `, not ${value.length}`
  const isObject = value !== null && (typeof value === 'object' || typeof value === 'function')
  const got = secret ? kindOf(value) : shown(value)
  // A net.Socket is no tcp.Socket.
  const name = isObject ? className(value) : ''
  if (name !== '' && expected.split(/[ ,:]/).some(word => word.endsWith(`.${name}`))) {
    const id = (value as { [classKey]?: number })[classKey]
    return id === undefined ? `, not ${got} of another library` : `, not one of ${nameSpace(id)}`
  }
  return isObject && (expected.includes(got) || expected.includes(' not ')) ? '' : `, not ${got}`
}
