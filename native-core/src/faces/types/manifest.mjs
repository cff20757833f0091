// SPDX-License-Identifier: MIT OR BSL-1.0

/** Calls `visit` with each type that `module` mentions, inner ones and the fields of records included. */
export function eachType (module, manifest, visit) {
  const seen = new Set()
  const walk = type => {
    visit(type)
    if (type.element) walk(type.element)
    for (const alternative of type.alternatives ?? []) walk(alternative)
    if (type.kind === 'record' && !seen.has(type.record)) {
      seen.add(type.record)
      for (const field of recordOf(type, manifest).fields) walk(field.type)
    }
  }
  for (const m of [...module.functions, ...module.classes.flatMap(c => c.members)]) {
    for (const { type } of [...m.parameters ?? [], ...m.results ?? []]) walk(type)
  }
}

/** The enums and records that `module` mentions, in the order of the manifest. */
export function typesUsed (module, manifest) {
  const enums = new Set()
  const records = new Set()
  eachType(module, manifest, type => {
    if (type.enum) enums.add(type.enum)
    if (type.record) records.add(type.record)
  })
  return {
    enums: manifest.enums.filter(e => enums.has(e.name)),
    records: manifest.records.filter(r => records.has(r.name))
  }
}

export function recordOf (type, manifest) {
  return manifest.records.find(r => r.name === type.record)
}
