// SPDX-License-Identifier: MIT OR BSL-1.0

/** Modules that are part of the runtime: Lua has other ways to them, and TypeScript classes written by hand. */
export const partOfTheRuntime = new Set(['actor'])

/** The names of all suspending operations of the description that `language` has. */
export function suspendingOperations (manifest, language) {
  const modules = manifest.modules.filter(m => language === 'typescript' || !partOfTheRuntime.has(m.name))
  return modules.flatMap(module => [
    ...module.functions.map(f => [`${module.name}.${f.name}`, f]),
    ...module.classes.flatMap(c => c.members.map(m => [`${module.name}.${c.name}.${m.name}`, m]))
  ]).filter(([, member]) => member.suspends).map(([name, member]) => ({ name, member }))
}
