// SPDX-License-Identifier: MIT OR BSL-1.0
import { instance } from './objects.mjs'

/** One value of each kind that a program can hand over. */
const kinds = {
  boolean: { lua: 'true', typescript: 'true' },
  number: { lua: '42', typescript: '42' },
  string: { lua: '"no such thing"', typescript: '"no such thing"' },
  table: { lua: '{}', typescript: '{}' },
  function: { lua: 'function () end', typescript: '() => {}' }
}

/** The kinds of value that an argument of `type` may be; only those the type alone decides on. */
function accepted (type) {
  switch (type.kind) {
    case 'boolean': return ['boolean']
    case 'integer': case 'number': return ['number']
    case 'string': return ['string']
    case 'flags': case 'list': case 'record': return ['table']
    case 'optional': return accepted(type.element)
    case 'one_of': return type.alternatives.flatMap(accepted)
    case 'any': return ['boolean', 'number', 'string', 'table']
  }
  return []
}

const both = text => ({ lua: text, typescript: text })

/** Whether a call may leave out an argument of `type`. */
export function mayBeMissing (parameter) {
  return parameter.variadic || ['optional', 'flags', 'any'].includes(parameter.type.kind)
}

/** Values that no argument of `type` may be: `[what is wrong, expressions]`. */
export function badValues (type) {
  const good = accepted(type)
  const bad = Object.entries(kinds).filter(([kind]) => !good.includes(kind)).map(([kind, text]) => [`a ${kind}`, text])
  const inner = type.kind === 'optional' ? type.element : type
  if (inner.kind === 'integer') {
    const { minimum, maximum } = inner
    bad.push(['a fraction', both(String(minimum + 0.5))])
    bad.push(['not a number', { lua: '0/0', typescript: 'NaN' }], ['infinity', { lua: 'math.huge', typescript: 'Infinity' }])
    bad.push(['one too small', both(below(minimum))], ['one too large', both(above(maximum))])
  }
  if (inner.kind === 'flags') bad.push(['a list of an unknown flag', { lua: '{"no_such"}', typescript: '["no_such"]' }])
  if (inner.kind === 'object') bad.push(['another class', { lua: 'spawn(function () end)', typescript: 'new Date()' }])
  return bad
}

// Beyond 2^53 one less is the same number.
const below = n => String(n <= Number.MIN_SAFE_INTEGER ? n * 4 : n - 1)
const above = n => String(n >= Number.MAX_SAFE_INTEGER ? n * 4 : n + 1)

/** An argument of `type` that is right as far as the type says. */
export function goodValue (type, manifest) {
  switch (type.kind) {
    case 'boolean': return both('true')
    case 'integer': return both(String(Math.max(type.minimum, Math.min(type.maximum, 1))))
    case 'number': return both('0')
    case 'string': return both('"x"')
    case 'mutable_bytes': case 'const_bytes': return { lua: 'byte_span.new(8)', typescript: 'new Uint8Array(8)' }
    case 'object': return instance(manifest, type.module, type.class)
    case 'enumeration': return both(JSON.stringify(manifest.enums.find(e => e.name === type.enum).items[0].name))
    case 'flags': case 'list': return { lua: '{}', typescript: '[]' }
    case 'optional': return { lua: 'nil', typescript: 'undefined' }
    case 'one_of': return goodValue(type.alternatives[0], manifest)
    case 'any': return both('1')
    case 'record': return { lua: '{}', typescript: '{}' }
  }
  throw new Error(`no example of a ${type.kind}`)
}
