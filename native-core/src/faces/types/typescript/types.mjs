// SPDX-License-Identifier: MIT OR BSL-1.0
import { classOf, needs, typesIn } from '../manifest.mjs'
import { camel, kebab, pascal, split } from '../names.mjs'

/** The file, below `generated/`, of the class that the description calls `name`. */
export function classFile (name) {
  return name.split('.').map(kebab).join('/') + '.ts'
}

/** Whether an argument of type `type` may be left out. */
export function mayBeMissing (type) {
  return ['nothing', 'optional', 'flags'].includes(type.kind) || (type.alternatives ?? []).some(mayBeMissing)
}

/** The file of the enums and records of a module. */
export const typesFile = 'types.ts'

const nothing = { kind: 'nothing' }

/** `type` as alternatives: of an object whose text will do where it is an argument, two; of a path, three. */
function withText (type, file, argument) {
  if (type.kind !== 'object' || type.exact || !argument || !classOf(type, file.manifest).text_will_do) return [type]
  return [{ ...type, exact: true }, { kind: 'string' }, ...type.class === 'path' ? [{ kind: 'url' }] : []]
}

/** How TypeScript writes `type` in `file`, which gets the imports for it. `argument`: what a caller may give. */
export function typescriptType (type, file, argument) {
  const inner = t => typescriptType(t, file, argument)
  if (type.named_by) return namedType(type, file, argument)
  const union = types => unionOf(types, inner, t => withText(t, file, argument))
  switch (type.kind) {
    case 'nothing': return 'void'
    case 'boolean': case 'string': return type.kind
    case 'url': return 'URL'
    case 'integer': case 'number': return 'number'
    case 'integer64': return 'bigint'
    case 'secret': return 'string | Uint8Array'
    case 'mutable_bytes': case 'const_bytes': return 'Uint8Array'
    case 'any': return 'unknown'
    case 'object': return withText(type, file, argument).length > 1 ? union([type]) : classType(type, file, argument)
    case 'enumeration': return file.type(pascal(type.enum), typesFile)
    case 'flags': return `readonly ${file.type(pascal(type.enum), typesFile)}[]`
    case 'record': return recordType(type, file, argument)
    case 'list': return `${argument ? 'readonly ' : ''}${bracketed(type.element, inner)}[]`
    case 'optional': return union([type])
    case 'map': return `Readonly<Record<${type.key.kind === 'string' ? 'string' : 'number'}, ${inner(type.element)}>>`
    case 'one_of': return union(type.alternatives)
    case 'callback': return functionType(type, file, argument)
  }
  throw new Error(`no TypeScript type for ${type.kind}`)
}

function bracketed (type, inner) {
  const text = inner(type)
  return /^\w+(<.*>)?(\[\])*$/.test(text) ? text : `(${text})`
}

/** Each alternative once; what may be left out comes last. */
function unionOf (types, inner, expanded) {
  const flat = t => t.kind === 'one_of'
    ? t.alternatives.flatMap(flat)
    : t.kind === 'optional' ? [...flat(t.element), nothing] : expanded(t)
  const all = types.flatMap(flat)
  const texts = new Set(all.filter(t => t.kind !== 'nothing')
    .map(t => t.kind === 'callback' ? `(${inner(t)})` : inner(t)))
  return [...texts, ...all.some(t => t.kind === 'nothing') ? ['undefined'] : []].join(' | ')
}

/** A function of the program: what it gets is what results are, what it returns is what arguments are. */
function functionType (type, file, argument) {
  const parameters = type.parameters.map((p, i) => `value${i + 1}: ${typescriptType(p, file, !argument)}`)
  const result = type.result ? typescriptType(type.result, file, argument) : 'void'
  return `(${parameters.join(', ')}) => ${result}`
}

/** The type parameter for what says which a type {@link namedType} is. */
export const nameType = 'K'

/** What is behind each item of the enum. */
export function valuesOf (name) {
  return `${pascal(name)}Values`
}

function namedType (type, file, argument) {
  if (!argument) loadClasses(type, file)
  return `${file.type(valuesOf(type.named_by), typesFile)}[${nameType}]`
}

function loadClasses (type, file) {
  for (const inner of typesIn(type, file.manifest)) if (inner.kind === 'object') loadClass(inner, file)
}

function recordType (type, file, argument) {
  if (!argument) loadClasses(type, file)
  return file.type(pascal(type.record), typesFile)
}

function classType (type, file, argument) {
  if (!argument) loadClass(type, file)
  const { space, name: last } = split(type.class)
  const name = pascal(last)
  if (type.module !== file.module) {
    if (argument && isBehind(type, file)) return file.type(`${name}Value`, '@emilua/native')
    // A namespace is imported by its first part: `systemClock.TimePoint`.
    const [first, ...rest] = [...space === '' ? [] : space.split('.').map(camel), name]
    return [file.type(first, packageOf(type.module)), ...rest].join('.')
  }
  const path = classFile(type.class)
  return path === file.path ? name : file.type(name, path)
}

/** The class `type` as a value: what makes instances. */
export function classValue (type, file) {
  const { space, name: last } = split(type.class)
  const name = pascal(last)
  if (type.module === file.module) return file.value(name, classFile(type.class))
  const [first, ...rest] = [...space === '' ? [] : space.split('.').map(camel), name]
  return [file.value(first, packageOf(type.module)), ...rest].join('.')
}

/** Whether `type` is a value of a package that needs the one of `file`, which cannot import from it then. */
function isBehind (type, file) {
  const module = file.manifest.modules.find(m => m.name === type.module)
  return classOf(type, file.manifest).text_will_do && needs(module, file.module, file.manifest, 'typescript')
}

/** The addon makes instances only of classes that were loaded. Those of this module are, by its index. */
function loadClass (type, file) {
  if (type.module !== file.module) file.load(packageOf(type.module))
  else if (file.alone) file.load(classFile(type.class))
}

function packageOf (module) {
  return `@emilua/${kebab(module)}`
}
