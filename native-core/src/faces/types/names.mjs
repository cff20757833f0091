// SPDX-License-Identifier: MIT OR BSL-1.0

// Two words that the reference writes as one, and a word that TypeScript reserves as Lua does.
const compounds = new Map([['tostring', 'toString'], ['toendpoint', 'toEndpoint'], ['function_', 'function_']])

/** `read_some` → `readSome`; a trailing underscore, there to dodge a Lua keyword, goes. */
export function camel (name) {
  const compound = compounds.get(name)
  if (compound) return compound
  return name.replace(/_+$/, '').replace(/_+([a-z0-9])/g, (_, letter) => letter.toUpperCase())
}

/** `time_point` → `TimePoint`. */
export function pascal (name) {
  const text = camel(name)
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** `time_point` → `time-point`, the name of a file. */
export function kebab (name) {
  return name.replace(/_+$/, '').replaceAll('_', '-')
}

/** Members of a namespace that are constants of the system (`SIGINT`) keep their name. */
export function member (name) {
  return /^[A-Z0-9_]+$/.test(name) ? name : camel(name)
}

/** `tcp.socket` → `{ space: 'tcp', name: 'socket' }`; what is at the top of its module has the space `''`. */
export function split (dotted) {
  const dot = dotted.lastIndexOf('.')
  return dot < 0 ? { space: '', name: dotted } : { space: dotted.slice(0, dot), name: dotted.slice(dot + 1) }
}

const reserved = new Set([
  'arguments', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else',
  'enum', 'export', 'extends', 'eval', 'false', 'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'new',
  'null', 'package', 'private', 'protected', 'public', 'return', 'static', 'super', 'switch', 'this', 'throw', 'true',
  'try', 'typeof', 'var', 'void', 'while', 'with', 'yield', 'await', 'let'
])

/** Whether `name` cannot be the name of a variable of a module. */
export function isReserved (name) {
  return reserved.has(name)
}

/** The name of a parameter: camelCase, and no word of the language. */
export function parameter (name) {
  const text = camel(name)
  return isReserved(text) ? text + '_' : text
}
