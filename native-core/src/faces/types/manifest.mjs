// SPDX-License-Identifier: MIT OR BSL-1.0

/** Calls `visit(type, use)` with each type that `module` mentions, inner ones and the fields of records included. */
function eachType (module, manifest, visit) {
  const seen = new Set()
  const walk = (type, use) => {
    visit(type, use)
    if (type.element) walk(type.element, use)
    for (const alternative of type.alternatives ?? []) walk(alternative, use)
    if (type.kind === 'record' && !seen.has(type.record)) {
      seen.add(type.record)
      for (const field of recordOf(type, manifest).fields) walk(field.type, use)
    }
  }
  for (const { cls, member } of members(module)) {
    for (const r of member.results ?? []) walk(r.type, { cls, member })
    for (const p of member.parameters ?? []) walk(p.type, { cls, member, parameter: p })
  }
}

function members (module) {
  return [
    ...module.functions.map(member => ({ member })),
    ...module.classes.flatMap(cls => cls.members.map(member => ({ cls, member })))
  ]
}

/**
 * The enums and records that `module` mentions, in the order of the manifest, each with its first `use`: the member,
 * its class if it has one, and the parameter unless it is a result.
 */
export function typesUsed (module, manifest) {
  const enums = new Map()
  const records = new Map()
  eachType(module, manifest, (type, use) => {
    if (type.enum && !enums.has(type.enum)) enums.set(type.enum, use)
    if (type.record && !records.has(type.record)) records.set(type.record, use)
  })
  const used = (all, uses) => all.filter(e => uses.has(e.name)).map(e => ({ ...e, use: uses.get(e.name) }))
  return { enums: used(manifest.enums, enums), records: used(manifest.records, records) }
}

function recordOf (type, manifest) {
  return manifest.records.find(r => r.name === type.record)
}
