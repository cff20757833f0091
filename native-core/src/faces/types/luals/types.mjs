// SPDX-License-Identifier: MIT OR BSL-1.0

/** How LuaLS writes `type`. */
export function luaType (type) {
  switch (type.kind) {
    case 'boolean': case 'integer': case 'number': case 'string': case 'any': return type.kind
    case 'mutable_bytes': case 'const_bytes': return 'byte_span'
    case 'object': return `${type.module}.${type.class}`
    case 'enumeration': return type.enum
    case 'flags': return `${type.enum}[]`
    case 'record': return type.record
    case 'list': return `${bracketed(type.element)}[]`
    case 'optional': return type.element.kind === 'any' ? 'any' : `${bracketed(type.element)}?`
    case 'one_of': return type.alternatives.map(luaType).join('|')
    case 'nothing': return 'nil'
  }
  throw new Error(`no Lua type for ${type.kind}`)
}

function bracketed (type) {
  return type.kind === 'one_of' ? `(${luaType(type)})` : luaType(type)
}
