// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * How an instance of a class comes to be, where neither its constructor nor a function gives one for nothing. Such a
 * class without a row fails the suite. Modules are variables of their names.
 */
const rows = {
  'file_descriptor.file_descriptor': {
    lua: '(function () local s = ip.tcp.socket.new() s:open("v4") return s:release() end)()',
    typescript: '(() => { const s = new ip.tcp.Socket(); s.open("v4"); return s.release() })()'
  }
}

/** The expression that makes an instance of class `name` of module `module`, by language. */
export function instance (manifest, module, name) {
  const row = rows[`${module}.${name}`]
  if (row) return row
  const described = manifest.modules.find(m => m.name === module)
  const made = described?.classes.find(c => c.name === name)?.members.find(m => m.kind === 'constructor' && m.name === 'new')
  if (made && asksNothing(made)) {
    return { lua: `${module}.${name}.new()`, typescript: `new ${typescriptClass(module, name)}()` }
  }
  const giver = described?.functions.find(f => !f.suspends && asksNothing(f) && gives(f, module, name))
  if (giver) {
    const call = giver.kind === 'function' ? '()' : ''
    const path = [module, ...giver.name.split('.')].map(camel).join('.')
    return { lua: `${module}.${giver.name}${call}`, typescript: path + call }
  }
  throw new Error(`arguments/objects.mjs says nothing about how a ${module}.${name} is made`)
}

function asksNothing (m) {
  return (m.parameters ?? []).every(p => p.variadic || p.type.kind === 'optional')
}

function gives (f, module, name) {
  const [result] = f.results ?? []
  return result?.type.module === module && result.type.class === name
}

/** `tcp.socket` of `ip` → `ip.tcp.Socket`. */
export function typescriptClass (module, name) {
  const parts = name.split('.')
  const last = camel(parts.pop())
  return [camel(module), ...parts.map(camel), last[0].toUpperCase() + last.slice(1)].join('.')
}

const compounds = { tostring: 'toString', toendpoint: 'toEndpoint' }

/** The naming rule of the TypeScript packages, written down a second time so that a slip of the generator shows. */
export function camel (name) {
  if (compounds[name]) return compounds[name]
  return name.replace(/_+$/, '').replace(/_([a-z0-9])/g, (_, c) => c.toUpperCase())
}
