// SPDX-License-Identifier: MIT OR BSL-1.0
import { kebab, pascal, split } from '../names.mjs'

/** The file, below `generated/`, of the class that the description calls `name`. */
export function classFile (name) {
  return name.split('.').map(kebab).join('/') + '.ts'
}

/** The file of the enums and records of a module. */
export const typesFile = 'types.ts'

/** How TypeScript writes `type` in `file`, which gets the imports for it. `argument`: what a caller may give. */
export function typescriptType (type, file, argument) {
  const inner = t => typescriptType(t, file, argument)
  switch (type.kind) {
    case 'nothing': return 'void'
    case 'boolean': case 'string': return type.kind
    case 'integer': case 'number': return 'number'
    case 'mutable_bytes': case 'const_bytes': return 'Uint8Array'
    case 'any': return 'unknown'
    case 'object': return classType(type, file, argument)
    case 'enumeration': return file.type(pascal(type.enum), typesFile)
    case 'flags': return `readonly ${file.type(pascal(type.enum), typesFile)}[]`
    case 'record': return file.type(pascal(type.record), typesFile)
    case 'list': return `${argument ? 'readonly ' : ''}${bracketed(type.element, inner)}[]`
    case 'optional': return `${inner(type.element)} | undefined`
    case 'one_of': return [...new Set(type.alternatives.map(inner))].join(' | ')
  }
  throw new Error(`no TypeScript type for ${type.kind}`)
}

function bracketed (type, inner) {
  const text = inner(type)
  return text.includes(' ') ? `(${text})` : text
}

function classType (type, file, argument) {
  const name = pascal(split(type.class).name)
  if (type.module !== file.module) return foreignClass(name, `@emilua/${kebab(type.module)}`, file, argument)
  const path = classFile(type.class)
  return path === file.path ? name : file.type(name, path)
}

/** A class of another package. The addon can only make instances of it after that package was loaded. */
function foreignClass (name, from, file, argument) {
  if (!argument) file.load(from)
  return file.type(name, from)
}
