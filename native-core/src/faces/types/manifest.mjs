// SPDX-License-Identifier: MIT OR BSL-1.0

/** `type` and the types inside it, the fields of records included. */
export function * typesIn (type, manifest, seen = new Set()) {
  yield type
  const inner = [type.key, type.element, type.result, ...type.alternatives ?? [], ...type.parameters ?? []]
  for (const t of inner) if (t) yield * typesIn(t, manifest, seen)
  if (type.kind === 'record' && !seen.has(type.record)) {
    seen.add(type.record)
    for (const field of recordOf(type, manifest).fields) yield * typesIn(field.type, manifest, seen)
  }
}

/** Calls `visit(type, use)` with each type that `module` mentions, inner ones and the fields of records included. */
function eachType (module, manifest, visit) {
  for (const { cls, member } of members(module)) {
    const uses = [
      ...(member.results ?? []).map(r => [r.type, { cls, member }]),
      ...(member.parameters ?? []).map(p => [p.type, { cls, member, parameter: p }])
    ]
    for (const [type, use] of uses) for (const inner of typesIn(type, manifest)) visit(inner, use)
  }
}

function members (module) {
  return [
    ...module.functions.map(member => ({ member })),
    ...module.classes.flatMap(cls => cls.members.map(member => ({ cls, member })))
  ]
}

/** What of `module` a source has that is generated for `language`: not what only the others have. */
export function offered (module, language) {
  const has = m => m.languages?.includes(language) ?? true
  return {
    ...module,
    functions: module.functions.filter(has),
    classes: module.classes.map(c => ({ ...c, members: c.members.filter(has) }))
  }
}

/** Whether `language` has member `m` in a source of its own. */
export function isByHand (m, language) {
  return m.by_hand === true || (m.by_hand_in?.includes(language) ?? false)
}

/**
 * The enums and records that `module` mentions, in the order of the manifest, each with its first `use` (the member,
 * its class if it has one, and the parameter unless it is a result) and whether it is ever `given` as an argument.
 */
export function typesUsed (module, manifest) {
  const enums = new Map()
  const records = new Map()
  const given = new Set()
  eachType(module, manifest, (type, use) => {
    if (type.enum && !enums.has(type.enum)) enums.set(type.enum, use)
    if (type.record && !records.has(type.record)) records.set(type.record, use)
    if (type.record && use.parameter) given.add(type.record)
  })
  const used = (all, uses) => all.filter(e => uses.has(e.name))
    .map(e => ({ ...e, use: uses.get(e.name), given: given.has(e.name) }))
  return { enums: used(manifest.enums, enums), records: used(manifest.records, records) }
}

function recordOf (type, manifest) {
  return manifest.records.find(r => r.name === type.record)
}
