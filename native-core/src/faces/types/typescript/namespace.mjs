// SPDX-License-Identifier: MIT OR BSL-1.0
import { comment } from '../docs.mjs'
import { camel, isReserved, kebab, member, parameter, pascal, split } from '../names.mjs'
import { typesUsed } from '../manifest.mjs'
import { SourceFile } from './source-file.mjs'
import { constantText } from './constant.mjs'
import { body, documentation, promised, signature } from './signature.mjs'
import { classFile, mayBeMissing, typescriptType, typesFile, valuesOf } from './types.mjs'

/** The files of `module` that hold no class: a file a namespace, the shared types, and the index. */
export function namespaceSources (module, manifest) {
  const spaces = namespaces(module)
  const files = spaces.filter(space => space !== '').map(space => namespace(module, space, spaces, manifest))
  const { enums, records } = typesUsed(module, manifest)
  const shared = enums.length + records.length > 0
  if (shared) files.push(typesSource(module, enums, records, manifest))
  const functions = module.functions.filter(f => split(f.name).space === '')
  if (functions.length > 0) files.push(functionsSource(module, functions, manifest))
  files.push(index(module, spaces, shared, functions.length > 0))
  return files
}

/** Every namespace of `module`, the module itself (`''`) included. */
export function namespaces (module) {
  const spaces = new Set([''])
  for (const { name } of [...module.classes, ...module.functions]) {
    let space = split(name).space
    while (space !== '') {
      spaces.add(space)
      space = split(space).space
    }
  }
  return [...spaces].sort()
}

export function namespaceFile (space) {
  return space.split('.').map(kebab).join('/') + '.ts'
}

/** The lines that make the classes and namespaces right inside `space` part of `file`. */
function exportsOf (module, space, spaces, file) {
  const inside = name => split(name).space === space
  const from = path => `'./${relative(file.path, path).replace(/\.ts$/, '.js')}'\n`
  return [
    ...module.classes.filter(c => inside(c.name))
      .map(c => `export { ${pascal(split(c.name).name)} } from ${from(classFile(c.name))}`),
    ...spaces.filter(s => s !== '' && inside(s))
      .map(s => `export * as ${camel(split(s).name)} from ${from(namespaceFile(s))}`)
  ].sort()
}

function relative (from, to) {
  const folder = from.slice(0, from.lastIndexOf('/') + 1)
  return to.slice(folder.length)
}

function namespace (module, space, spaces, manifest) {
  const file = new SourceFile(namespaceFile(space), module.name, manifest)
  const lines = exportsOf(module, space, spaces, file)
  if (lines.length > 0) file.add(lines.join(''))
  addFunctions(module, module.functions.filter(f => split(f.name).space === space), file)
  return file
}

function functionsSource (module, functions, manifest) {
  const file = new SourceFile('functions.ts', module.name, manifest)
  addFunctions(module, functions, file)
  return file
}

/** Adds the text of each of `functions`, and what all of them need. */
export function addFunctions (module, functions, file) {
  if (functions.some(f => f.kind !== 'constant' || f.varies)) {
    file.add(`const native = ${file.value('natives', '@emilua/native')}('${module.name}')\n`)
  }
  for (const f of functions) file.add(functionText(promised(f), file))
}

function functionText (f, file) {
  const name = member(split(f.name).name)
  if (f.kind === 'constant') return documentation(f, 0) + `export const ${name} = ${constantText(f, f.name)}\n`
  const local = isReserved(name) ? `${name}_` : name
  const renamed = local === name ? '' : `export { ${local} as ${name} }\n`
  const prefix = renamed === '' ? 'export ' : ''
  if (f.kind === 'property') {
    const type = typescriptType(f.results[0].type, file, false)
    return documentation(f, 0) + `${prefix}const ${local} = native['${f.name}']() as ${type}\n${renamed}`
  }
  return documentation(f, 0) + signature(`${prefix}function ${local}`, f, file) +
    `  ${body(f, f.name, null, file)}\n}\n${renamed}`
}

/** Where a type is used first: all that there is to say about it beside its members. */
function useText ({ cls, member: m, parameter: p }) {
  const { space, name } = split(cls?.name ?? m.name)
  const owner = cls ? [...space.split('.').map(camel), pascal(name)] : space.split('.').map(camel)
  const where = '`' + [...owner, member(split(m.name).name)].filter(part => part !== '').join('.') + '`'
  return comment([p ? `What \`${parameter(p.name)}\` of ${where} may be.` : `What ${where} gives.`])
}

function typesSource (module, enums, records, manifest) {
  const file = new SourceFile(typesFile, module.name, manifest)
  for (const e of enums) {
    const items = e.items.map(i => (i.doc ? `  /** ${i.doc} */\n` : '') + `  | '${i.name}'`)
    const short = `export type ${pascal(e.name)} = ${e.items.map(i => `'${i.name}'`).join(' | ')}\n`
    const plain = e.items.every(i => !i.doc) && short.length <= 117
    file.add(useText(e.use) + (plain ? short : `export type ${pascal(e.name)} =\n${items.join('\n')}\n`))
  }
  for (const e of enums.filter(e => e.names)) {
    const fields = e.items.map(i => comment([i.doc], [], 2) + `  ${i.name}: ${typescriptType(i.type, file, e.given)}\n`)
    file.add(comment([`The type of the value behind each {@link ${pascal(e.name)}}.`]) +
      `export interface ${valuesOf(e.name)} {\n${fields.join('')}}\n`)
  }
  for (const r of records) {
    const fields = r.fields.map(f => comment([f.doc], [], 2) + `  ${fieldText(f, r.given, file)}\n`)
    file.add(useText(r.use) + `export interface ${pascal(r.name)} {\n${fields.join('')}}\n`)
  }
  return file
}

function fieldText (f, given, file) {
  const type = typescriptType(f.type, file, given).replace(/ \| undefined$/, '')
  const missing = f.required === false || mayBeMissing(f.type)
  return `${camel(f.name)}${missing ? '?' : ''}: ${type}${missing ? ' | undefined' : ''}`
}

function index (module, spaces, shared, functions) {
  const file = new SourceFile('index.ts', module.name)
  const lines = exportsOf(module, '', spaces, file)
  if (functions) lines.push(`export * from './functions.js'\n`)
  if (shared) lines.push(`export type * from './types.js'\n`)
  file.add(lines.join(''))
  return file
}
