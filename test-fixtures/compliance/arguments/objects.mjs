// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * How an instance of a class comes to be, where `new()` without arguments is not the way. A class without a row fails
 * the suite. Modules are variables of their names.
 */
const rows = {
  'ip.address': { lua: 'ip.address.new("127.0.0.1")', typescript: 'new ip.Address("127.0.0.1")' },
  'time.steady_clock.time_point': { lua: 'time.steady_clock.now()', typescript: 'time.steadyClock.now()' },
  'time.system_clock.time_point': { lua: 'time.system_clock.now()', typescript: 'time.systemClock.now()' },
  'system.standard_input': { lua: 'system.in_', typescript: 'system.stdin' },
  'system.standard_output': { lua: 'system.out', typescript: 'system.stdout' },
  'file_descriptor.file_descriptor': {
    lua: '(function () local s = ip.tcp.socket.new() s:open("v4") return s:release() end)()',
    typescript: '(() => { const s = new ip.tcp.Socket(); s.open("v4"); return s.release() })()'
  }
}

/** The expression that makes an instance of class `name` of module `module`, by language. */
export function instance (manifest, module, name) {
  const row = rows[`${module}.${name}`]
  if (row) return row
  const c = manifest.modules.find(m => m.name === module)?.classes.find(c => c.name === name)
  const made = c?.members.find(m => m.kind === 'constructor' && m.name === 'new')
  if (!made || made.parameters?.some(p => !p.variadic && p.type.kind !== 'optional')) {
    throw new Error(`arguments/objects.mjs says nothing about how a ${module}.${name} is made`)
  }
  return { lua: `${module}.${name}.new()`, typescript: `new ${typescriptClass(module, name)}()` }
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
