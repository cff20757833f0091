// SPDX-License-Identifier: MIT OR BSL-1.0

/** How LuaLS writes `type`. `argument`: what a caller may give. */
export function luaType (type, argument = false) {
  const inner = t => luaType(t, argument)
  switch (type.kind) {
    case 'boolean': case 'integer': case 'number': case 'string': case 'any': return type.kind
    case 'integer64': return argument ? 'integer|ffi.cdata*' : 'ffi.cdata*'
    case 'secret': return 'string|byte_span'
    case 'mutable_bytes': case 'const_bytes': return 'byte_span'
    case 'object': return `${type.module}.${type.class}`
    case 'enumeration': return type.enum
    case 'flags': return `${type.enum}[]`
    case 'record': return type.record
    case 'list': return `${bracketed(inner(type.element))}[]`
    case 'map': return `table<${type.key.kind}, ${inner(type.element)}>`
    case 'optional': return type.element.kind === 'any' ? 'any' : `${bracketed(inner(type.element))}?`
    case 'one_of': return [...new Set(type.alternatives.map(a => a.kind === 'callback' ? `(${inner(a)})` : inner(a)))].join('|')
    case 'callback': return functionType(type, argument)
    case 'nothing': return 'nil'
  }
  throw new Error(`no Lua type for ${type.kind}`)
}

/** A function that takes `parameters`, without names, and gives `results`. */
export function functionText (parameters, results) {
  const list = parameters.map((p, i) => `value${i + 1}: ${p}`).join(', ')
  return `fun(${list})${results.length > 0 ? `: ${results.join(', ')}` : ''}`
}

// What the program gives is what it is given here.
function functionType (type, argument) {
  return functionText(type.parameters.map(p => luaType(p, !argument)), type.result ? [luaType(type.result, argument)] : [])
}

function bracketed (text) {
  return /^[\w.*]+(<.*>)?(\[\])*$/.test(text) ? text : `(${text})`
}
