// SPDX-License-Identifier: MIT OR BSL-1.0

/** The names of all suspending operations of the description. */
export function suspendingOperations (manifest) {
  return manifest.modules.flatMap(module => [
    ...module.functions.map(f => [`${module.name}.${f.name}`, f]),
    ...module.classes.flatMap(c => c.members.map(m => [`${module.name}.${c.name}.${m.name}`, m]))
  ]).filter(([, member]) => member.suspends).map(([name, member]) => ({ name, member }))
}
