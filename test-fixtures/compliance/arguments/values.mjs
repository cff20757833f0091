// SPDX-License-Identifier: MIT OR BSL-1.0
import { instance } from './objects.mjs'
import { camel } from '../names.mjs'

/** One value of each kind that a program can hand over. */
const kinds = {
  boolean: { lua: 'true', typescript: 'true' },
  number: { lua: '42', typescript: '42' },
  string: { lua: '"no such thing"', typescript: '"no such thing"' },
  table: { lua: '{}', typescript: '{}' },
  function: { lua: 'function () end', typescript: '() => {}' }
}

/** The kinds of value that an argument of `type` may be; only those the type alone decides on. */
function accepted (type, manifest) {
  switch (type.kind) {
    case 'boolean': return ['boolean']
    case 'integer': case 'number': case 'integer64': return ['number']
    case 'string': case 'secret': return ['string']
    case 'flags': case 'list': case 'map': return ['table']
    // Without what it requires, an empty one is bad: badFields knows where.
    case 'record': return ['table']
    case 'callback': return ['function']
    case 'optional': return accepted(type.element, manifest)
    case 'one_of': return type.alternatives.flatMap(a => accepted(a, manifest))
    case 'any': return ['boolean', 'number', 'string', 'table']
  }
  return []
}

const both = text => ({ lua: text, typescript: text })

/** Whether a call may leave out an argument of `type`. */
export function mayBeMissing (parameter) {
  return parameter.variadic || ['optional', 'flags', 'any'].includes(parameter.type.kind)
}

/**
 * Values that no argument of `type` may be: `{ label, lua, typescript, path }`. A language that can write no such value
 * has no text. `path` leads from the argument to the part at fault, by language as errors spell it.
 */
export function badValues (type, manifest) {
  const good = accepted(type, manifest)
  const inner = type.kind === 'optional' ? type.element : type
  const others = Object.entries(kinds).filter(([kind]) => !good.includes(kind))
    .map(([kind, text]) => [kind, kind === 'string' && textWillDo(type, manifest) ? { lua: text.lua } : text])
  return [
    ...others.map(([kind, text]) => [`a ${kind}`, text]),
    ...badOfKind(inner)
  ].map(([label, text]) => ({ label, path: both(''), ...text })).concat(badParts(inner, manifest))
}

/** Whether TypeScript takes text for an object of `type`. */
function textWillDo (type, manifest) {
  const inner = type.kind === 'optional' ? [type.element] : type.alternatives ?? []
  return inner.some(t => textWillDo(t, manifest)) || (type.kind === 'object' &&
    manifest.modules.find(m => m.name === type.module)?.classes.find(c => c.name === type.class)?.text_will_do === true)
}

function badOfKind (type) {
  switch (type.kind) {
    case 'integer': return [
      ['a fraction', both(String(Math.max(type.minimum, -1) + 0.5))],
      ['not a number', { lua: '0/0', typescript: 'NaN' }],
      ['infinity', { lua: 'math.huge', typescript: 'Infinity' }],
      ['one too small', both(below(type.minimum))],
      ['one too large', both(above(type.maximum))]
    ]
    case 'integer64': return [
      ['a fraction', both('0.5')],
      ['one too small', type.signed ? { typescript: '-(2n ** 63n) - 1n' } : { lua: '-1LL', typescript: '-1n' }],
      ['one too large', type.signed ? { lua: '9223372036854775808ULL', typescript: '2n ** 63n' } : { typescript: '2n ** 64n' }]
    ]
    case 'flags': return [['a list of an unknown flag', { lua: '{"no_such"}', typescript: '["no_such"]', path: { lua: '[1]', typescript: '[0]' } }]]
    case 'object': return [['another class', { lua: 'spawn(function () end)', typescript: 'new Date()' }]]
    case 'map': return [['a table of other keys', type.key.kind === 'string' ? { lua: '{[1] = 1}' } : { lua: '{nosuch = 1}', typescript: '{ nosuch: 1 }' }]]
  }
  return []
}

// Beyond 2^53 one less is the same number.
const below = n => String(n <= Number.MIN_SAFE_INTEGER ? n * 4 : n - 1)
const above = n => String(n >= Number.MAX_SAFE_INTEGER ? n * 4 : n + 1)

/** Values of which a part is bad. Of several alternatives none is at fault more than the others, so they have no parts. */
function badParts (type, manifest) {
  switch (type.kind) {
    case 'list': return badElements(type, manifest)
    case 'map': return badEntries(type, manifest)
    case 'record': return badFields(recordOf(type, manifest), manifest)
  }
  return []
}

function badElements (type, manifest) {
  const good = goodValue(type.element, manifest)
  return badValues(type.element, manifest).map(bad => within(bad, {
    label: 'in a list',
    path: { lua: '[2]', typescript: '[1]' },
    lua: text => `{${good.lua}, ${text}}`,
    typescript: text => `[${good.typescript}, ${text}]`
  }))
}

function badEntries (type, manifest) {
  const [key, path] = type.key.kind === 'string' ? ['k', '.k'] : ['7', '[7]']
  return badValues(type.element, manifest).map(bad => within(bad, {
    label: 'in a map',
    path: both(path),
    lua: text => `{[${JSON.stringify(type.key.kind === 'string' ? key : 7)}] = ${text}}`,
    typescript: text => `{ ${key}: ${text} }`
  }))
}

function badFields (fields, manifest) {
  const required = fields.filter(f => f.required)
  const others = field => required.filter(f => f !== field).map(f => [f.name, goodValue(f.type, manifest)])
  const whole = (field, entries) => ({
    lua: `{${entries.map(([name, text]) => `${name} = ${text.lua}`).join(', ')}}`,
    typescript: `{ ${entries.map(([name, text]) => `${camel(name)}: ${text.typescript}`).join(', ')} }`
  })
  return [
    { label: 'an unknown key', ...whole(null, [...others(), ['nosuch', both('1')]]), path: both('.nosuch') },
    ...required.map(f => ({ label: `without ${f.name}`, ...whole(f, others(f)), path: fieldPath(f) })),
    ...fields.flatMap(f => badValues(f.type, manifest).map(bad => within(bad, {
      label: `as ${f.name}`,
      path: fieldPath(f),
      lua: text => whole(f, [...others(f), [f.name, { lua: text }]]).lua,
      typescript: text => whole(f, [...others(f), [f.name, { typescript: text }]]).typescript
    })))
  ]
}

const fieldPath = f => ({ lua: `.${f.name}`, typescript: `.${camel(f.name)}` })

/** The bad value `bad` as a part of something larger. */
function within (bad, { label, path, lua, typescript }) {
  return {
    label: `${bad.label} ${label}`,
    lua: bad.lua && lua(bad.lua),
    typescript: bad.typescript && typescript(bad.typescript),
    path: { lua: path.lua + bad.path.lua, typescript: path.typescript + bad.path.typescript }
  }
}

function recordOf (type, manifest) {
  return manifest.records.find(r => r.name === type.record).fields
}

/** An argument of `type` that is right as far as the type says. */
export function goodValue (type, manifest) {
  switch (type.kind) {
    case 'boolean': return both('true')
    case 'integer': return both(String(Math.max(type.minimum, Math.min(type.maximum, 1))))
    case 'integer64': return { lua: type.signed ? '1LL' : '1ULL', typescript: '1n' }
    case 'number': return both('0')
    case 'string': case 'secret': return both('"x"')
    case 'mutable_bytes': case 'const_bytes': return { lua: 'byte_span.new(8)', typescript: 'new Uint8Array(8)' }
    case 'object': return instance(manifest, type.module, type.class)
    case 'enumeration': return both(JSON.stringify(manifest.enums.find(e => e.name === type.enum).items[0].name))
    case 'flags': case 'list': return { lua: '{}', typescript: '[]' }
    case 'map': return both('{}')
    case 'callback': return kinds.function
    case 'optional': return { lua: 'nil', typescript: 'undefined' }
    // What needs no object of some class is made most easily.
    case 'one_of': return goodValue(type.alternatives.find(a => a.kind !== 'object') ?? type.alternatives[0], manifest)
    case 'any': return both('1')
    case 'record': return goodRecord(recordOf(type, manifest), manifest)
  }
  throw new Error(`no example of a ${type.kind}`)
}

function goodRecord (fields, manifest) {
  const required = fields.filter(f => f.required).map(f => [f.name, goodValue(f.type, manifest)])
  return {
    lua: `{${required.map(([name, text]) => `${name} = ${text.lua}`).join(', ')}}`,
    typescript: `{ ${required.map(([name, text]) => `${camel(name)}: ${text.typescript}`).join(', ')} }`
  }
}
