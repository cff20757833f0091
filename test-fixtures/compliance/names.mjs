// SPDX-License-Identifier: MIT OR BSL-1.0

const compounds = { tostring: 'toString', toendpoint: 'toEndpoint', function_: 'function_' }

/** The naming rule of the TypeScript packages, written down a second time so that a slip of the generator shows. */
export function camel (name) {
  if (compounds[name]) return compounds[name]
  return name.replace(/_+$/, '').replace(/_([a-z0-9])/g, (_, c) => c.toUpperCase())
}

export function pascal (name) {
  const text = camel(name)
  return text[0].toUpperCase() + text.slice(1)
}

/** `tcp.socket` → `tcp.Socket`. */
export function className (name) {
  const parts = name.split('.')
  return [...parts.slice(0, -1).map(camel), pascal(parts.at(-1))].join('.')
}

/** `tcp.dial` → `tcp.dial`, as functions of a package are called. */
export function functionName (name) {
  return name.split('.').map(camel).join('.')
}

/** Whether the last parameter of `member` is a field of its options in TypeScript: flags of what suspends. */
export function flagsAreOptions ({ suspends, parameters }) {
  const type = parameters?.at(-1)?.type
  return suspends === true && (type?.element ?? type)?.kind === 'flags'
}

export function packageName (module) {
  // The actors of TypeScript are a part of its runtime.
  if (module === 'actor') return '@emilua/runtime'
  return `@emilua/${module.replaceAll('_', '-')}`
}
