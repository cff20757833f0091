// SPDX-License-Identifier: MIT OR BSL-1.0
import { luaType } from './types.mjs'
import { range, wrap } from '../docs.mjs'
import { typesUsed } from '../manifest.mjs'
import { split } from '../names.mjs'

const metamethods = { add: ['add', 'number'], sub: ['sub', 'any'], len: ['len', null] }

/** The LuaLS file of one module: nothing in it runs, editors and checkers read it. */
export function luaModule (module, manifest) {
  const lines = [
    `---@meta ${module.name}`,
    '-- SPDX-License-Identifier: MIT OR BSL-1.0',
    '-- Written by native-core/generate from the description of the module; change that instead.',
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
    for (const f of r.fields) lines.push(field(f.name, f.type, f.doc))
    lines.push('')
  }
  for (const space of namespaces(module)) lines.push(`${module.name}.${space} = {}`, '')
  for (const c of module.classes) lines.push(...luaClass(module, c))
  for (const f of module.functions) lines.push(...luaFunction(module, f))
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

function luaClass (module, c) {
  const type = `${module.name}.${c.name}`
  const lines = [...note(c.doc), `---@class ${type}`]
  for (const m of c.members.filter(m => m.kind === 'property')) {
    lines.push(field(m.name, m.results[0].type, m.doc))
  }
  for (const name of c.metamethods ?? []) {
    const [operator, operand] = metamethods[name] ?? []
    if (operator === 'add') lines.push(`---@operator add(${operand}): ${type}`)
    if (operator === 'sub') lines.push(`---@operator sub(number): ${type}`)
    if (operator === 'len') lines.push('---@operator len: integer')
  }
  lines.push(`${type} = {}`, '')
  for (const m of c.members) {
    if (m.kind === 'property') continue
    lines.push(...luaCallable(m, `${type}${m.kind === 'method' ? ':' : '.'}${m.name}`))
  }
  return lines
}

function luaFunction (module, f) {
  const path = `${module.name}.${f.name}`
  if (f.kind === 'function') return luaCallable(f, path)
  const type = f.kind === 'constant' ? typeOfConstant(f.value) : luaType(f.results[0].type)
  return [...note(f.doc), `---@type ${type}`, `${path} = nil`, '']
}

function typeOfConstant (value) {
  return typeof value === 'number' ? 'integer' : typeof value
}

function luaCallable (m, path) {
  const lines = [...note(m.doc, m.details, m.master_only ? 'Only the master VM may call it.' : '')]
  if (m.suspends) lines.push('---@async')
  const parameters = m.parameters ?? []
  for (const p of parameters) {
    if (p.variadic) {
      lines.push(trim(`---@param ... ${luaType(p.type)} ${oneLine(p.doc)} ${range(p.type)}`))
      continue
    }
    const optional = p.type.kind === 'optional' || p.type.kind === 'flags'
    const type = p.type.kind === 'optional' ? p.type.element : p.type
    lines.push(trim(`---@param ${p.name}${optional ? '?' : ''} ${luaType(type)} ${oneLine(p.doc)} ${range(p.type)}`))
  }
  for (const r of m.results ?? []) lines.push(trim(`---@return ${luaType(r.type)} ${r.name ?? ''}`))
  lines.push(`function ${path}(${parameters.map(p => p.variadic ? '...' : p.name).join(', ')}) end`, '')
  return lines
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
