// SPDX-License-Identifier: MIT OR BSL-1.0
import { functionText, luaType } from './types.mjs'
import { range, wrap } from '../docs.mjs'
import { offered, typesUsed } from '../manifest.mjs'
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
  for (const name of c.metamethods ?? []) {
    if (['add', 'sub'].includes(name)) lines.push(`---@operator ${name}(number): ${type}`)
    if (['div', 'concat'].includes(name)) lines.push(`---@operator ${name}(any): ${type}`)
    if (name === 'len') lines.push('---@operator len: integer')
    if (name === 'call') lines.push('---@overload fun(...): any')
  }
  lines.push(`${type} = {}`, '')
  for (const m of c.members) {
    if (m.kind === 'property') continue
    lines.push(...luaCallable(m, `${type}${m.kind === 'method' ? ':' : '.'}${m.name}`, manifest))
  }
  return lines
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
  const next = iteratorOf(m, manifest)
  if (next) lines.push(`---@return ${functionText([], next.results.map(r => luaType(r.type)))}`)
  for (const r of m.results ?? []) lines.push(trim(`---@return ${luaType(r.type)} ${r.name ?? ''}`))
  lines.push(`function ${path}(${parameters.map(p => p.variadic ? '...' : p.name).join(', ')}) end`, '')
  return lines
}

/** What `for … in` calls, where member `m` gives an object to loop over: that function is in front of it. */
function iteratorOf (m, manifest) {
  const [type, ...others] = (m.results ?? []).map(r => r.type)
  if (type?.kind !== 'object' || others.length > 0) return undefined
  const classes = manifest.modules.find(module => module.name === type.module).classes
  return classes.find(c => c.name === type.class).members.find(member => member.iterates)
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
