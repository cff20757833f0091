// SPDX-License-Identifier: MIT OR BSL-1.0
import { comment, range, width } from '../docs.mjs'
import { camel, parameter } from '../names.mjs'
import { typescriptType } from './types.mjs'

const native = '@emilua/native'

/** The parameters of member `m` as TypeScript writes them, without parentheses. */
export function parameterList (m, file) {
  const parameters = m.parameters ?? []
  const needed = parameters.findLastIndex(p => !p.variadic && !mayBeMissing(p.type)) + 1
  const list = parameters.map((p, i) => {
    if (p.variadic) return `...${parameter(p.name)}: ${typescriptType({ kind: 'list', element: p.type }, file, false)}`
    const missing = i >= needed
    const type = p.type.kind === 'optional' && missing ? p.type.element : p.type
    return `${parameter(p.name)}${missing ? '?' : ''}: ${typescriptType(type, file, true)}`
  })
  if (m.suspends) list.push(`options?: ${file.type('OperationOptions', native)}`)
  return list.join(', ')
}

function mayBeMissing (type) {
  return type.kind === 'optional' || type.kind === 'flags'
}

/** What member `m` returns, before a promise is made of it. */
export function resultType (m, file) {
  const results = m.results ?? []
  if (results.length === 0) return 'void'
  const types = results.map(r => typescriptType(r.type, file, false))
  if (results.length === 1) return types[0]
  if (results.every(r => r.name)) return `{ ${results.map((r, i) => `${camel(r.name)}: ${types[i]}`).join(', ')} }`
  return `[${types.join(', ')}]`
}

/** The documentation of member `m`. */
export function documentation (m, indent, ...more) {
  const tags = (m.parameters ?? []).map(p =>
    [`@param ${parameter(p.name)} -`, [p.doc, range(p.type)].filter(text => text).join(' ')])
  if (m.suspends) tags.push(['@param options -', 'A signal that ends the wait.'])
  const kept = m.parameters?.some(p => p.doc || range(p.type)) || !m.suspends ? tags : tags.slice(-1)
  return comment([m.doc, m.details, m.master_only ? 'Only the main thread may call it.' : '', ...more], kept, indent)
}

/** The lines of a function's body that call the addon. `receiver`: the expression for it, `null` without one. */
export function body (m, key, receiver, file) {
  const args = callArguments(m)
  if (m.suspends) {
    // What reads and writes take is spared the array.
    const few = args.length <= 2
    const operate = file.value(few ? `operate${args.length}` : 'operate', native)
    const rest = few ? args : [`[${args.join(', ')}]`]
    return `return ${operate}(${[`native['${key}']`, receiver ?? '0', 'options', ...rest].join(', ')})`
  }
  const call = `native['${key}'](${[...receiver ? [receiver] : [], ...args].join(', ')})`
  const type = resultType(m, file)
  return type === 'void' ? call : `return ${call}${type === 'unknown' ? '' : ` as ${type}`}`
}

/** The parameters of member `m` as the arguments of a call. */
export function callArguments (m) {
  const parameters = m.parameters ?? []
  if (m.suspends && parameters.some(p => p.variadic)) {
    throw new Error(`${m.name} suspends: its options come last, so it cannot take any number of arguments`)
  }
  return parameters.map(p => (p.variadic ? '...' : '') + parameter(p.name))
}

/** The head of member `m`, which begins with `start`, up to its opening brace. */
export function signature (start, m, file) {
  const list = parameterList(m, file)
  const type = resultType(m, file)
  const end = m.suspends ? `Promise<${type}>` : type
  const line = `${start} (${list}): ${end} {\n`
  if (line.length <= width + 1) return line
  const pad = start.match(/^ */)[0]
  return `${start} (\n${pad}  ${list}\n${pad}): ${end} {\n`
}
