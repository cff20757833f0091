// SPDX-License-Identifier: MIT OR BSL-1.0
import { functionText, luaType } from './types.mjs'
import { range, wrap } from '../docs.mjs'
import { iteratorOf, offered, operations, typesUsed } from '../manifest.mjs'
import { split } from '../names.mjs'

export const generatedNote = '-- Written by native-core/generate from the description of the module; change that instead.'

/** The LuaLS file of one module: nothing in it runs, editors and checkers read it. */
export function luaModule (described, manifest) {
  const module = offered(described, 'lua')
  const lines = [
    `---@meta ${module.name}`,
    '-- SPDX-License-Identifier: MIT OR BSL-1.0',
    generatedNote,
    '',
    ...note(module.doc),
    `---@class ${module.name}`,
    `local ${module.name} = {}`,
    ''
  ]
  const { enums, records } = typesUsed(module, manifest)
  for (const e of enums) {
    lines.push(`---@alias ${e.name}`)
    for (const item of e.items) lines.push(`---| '"${item.name}"'${item.doc ? ` # ${item.doc}` : ''}`)
    lines.push('')
  }
  for (const r of records) {
    lines.push(`---@class ${r.name}`)
    for (const f of r.fields) lines.push(recordField(f, r.given))
    lines.push('')
  }
  for (const space of namespaces(module)) lines.push(`${module.name}.${space} = {}`, '')
  for (const c of module.classes) lines.push(...luaClass(module, c, manifest))
  for (const f of module.functions) lines.push(...luaFunction(module, f, manifest))
  lines.push(`return ${module.name}`, '')
  return lines.join('\n')
}

/** The tables of `module` that are no classes, outer ones first. */
function namespaces (module) {
  const spaces = new Set()
  const classes = new Set(module.classes.map(c => c.name))
  for (const { name } of [...module.classes, ...module.functions]) {
    const parts = split(name).space.split('.').filter(part => part !== '')
    for (let i = 1; i <= parts.length; i++) {
      const space = parts.slice(0, i).join('.')
      if (!classes.has(space)) spaces.add(space)
    }
  }
  return spaces
}

function luaClass (module, c, manifest) {
  const type = `${module.name}.${c.name}`
  const lines = [...note(c.doc), `---@class ${type}`]
  for (const m of c.members.filter(m => m.kind === 'property')) {
    lines.push(field(m.name, m.results[0].type, m.doc))
  }
  for (const m of c.metamethods ?? []) lines.push(...operator(m, module, c))
  lines.push(`${type} = {}`, '')
  for (const m of c.members) {
    if (m.kind === 'property') continue
    lines.push(...luaCallable(m, `${type}${m.kind === 'method' ? ':' : '.'}${m.name}`, manifest))
  }
  return lines
}

/** Of comparisons LuaLS knows that they give a boolean, and of other operands only the right one. */
function operator (m, module, c) {
  switch (m.name) {
    case 'add': case 'sub': case 'div': case 'concat':
      return operations(m, module, c).map(([other, result]) => `---@operator ${m.name}(${luaType(other, true)}): ${luaType(result)}`)
    case 'len':
      return [`---@operator len: ${luaType(m.results[0])}`]
    case 'call':
      return [`---@overload ${functionText(m.operands.map(t => luaType(t, true)), m.results.map(t => luaType(t)))}`]
  }
  return []
}

function luaFunction (module, f, manifest) {
  const path = `${module.name}.${f.name}`
  if (f.kind === 'function') return luaCallable(f, path, manifest)
  const type = f.kind === 'constant' ? typeOfConstant(f) : luaType(f.results[0].type)
  return [...note(f.doc), `---@type ${type}`, `${path} = nil`, '']
}

function typeOfConstant ({ type, value }) {
  if (type) return luaType(type)
  return typeof value === 'number' ? 'integer' : typeof value
}

function luaCallable (m, path, manifest) {
  const lines = [...note(m.doc, m.details, m.master_only ? 'Only the master VM may call it.' : '')]
  if (m.suspends) lines.push('---@async')
  const parameters = m.parameters ?? []
  for (const p of parameters) {
    const type = p.type.kind === 'optional' ? p.type.element : p.type
    const name = p.variadic ? '...' : `${p.name}${mayBeMissing(p.type) ? '?' : ''}`
    lines.push(trim(`---@param ${name} ${luaType(type, true)} ${oneLine(p.doc)} ${range(p.type)}`))
  }
  const next = iteratorOf(m, manifest, 'lua')
  // What `for … in` calls comes before the object.
  if (next) lines.push(`---@return ${functionText([], next.results.map(r => luaType(r.type)))}`)
  for (const r of m.results ?? []) lines.push(trim(`---@return ${luaType(r.type)} ${r.name ?? ''}`))
  lines.push(...overloads(m, path, manifest))
  lines.push(`function ${path}(${parameters.map(p => p.variadic ? '...' : p.name).join(', ')}) end`, '')
  return lines
}

/** What `m` gives for each kind of name, where a parameter names the result. */
function overloads (m, path, manifest) {
  const [result] = m.results ?? []
  if (!result?.type.named_by) return []
  const receiver = m.kind === 'method' ? [`self: ${path.slice(0, path.lastIndexOf(':'))}`] : []
  const types = new Map()
  for (const item of manifest.enums.find(e => e.name === result.type.named_by).items) {
    const type = luaType(item.type)
    types.set(type, [...types.get(type) ?? [], `"${item.name}"`])
  }
  return [...types].map(([type, items]) => {
    const own = m.parameters.map(p => `${p.name}: ${p.type.enum === result.type.named_by ? items.join('|') : luaType(p.type, true)}`)
    return `---@overload fun(${[...receiver, ...own].join(', ')}): ${type}`
  })
}

function mayBeMissing (type) {
  return ['optional', 'flags', 'nothing'].includes(type.kind)
}

function recordField (f, given) {
  const type = f.type.kind === 'optional' ? f.type.element : f.type
  const missing = f.required === false || mayBeMissing(f.type)
  return trim(`---@field ${f.name}${missing ? '?' : ''} ${luaType(type, given)} ${oneLine(f.doc)}`)
}

function field (name, type, doc) {
  return trim(`---@field ${name} ${luaType(type)} ${oneLine(doc)}`)
}

function note (...paragraphs) {
  return paragraphs.filter(text => text).flatMap((text, i) => [...(i > 0 ? ['---'] : []), ...wrap(text, 3).map(line => `---${line}`)])
}

function oneLine (text) {
  return (text ?? '').replaceAll('\n', ' ')
}

function trim (line) {
  return line.replace(/ +/g, ' ').trimEnd()
}
