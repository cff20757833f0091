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
  for (const { cls, member } of [...members(module), ...operators(module)]) {
    const uses = [
      ...(member.results ?? []).map(r => [r.type, { cls, member }]),
      ...(member.parameters ?? []).map(p => [p.type, { cls, member, parameter: p }])
    ]
    for (const [type, use] of uses) for (const inner of typesIn(type, manifest)) visit(inner, use)
  }
}

/** Whether what `module` offers to `language` mentions a class of the module called `other`. */
export function needs (module, other, manifest, language) {
  let found = false
  eachType(offered(module, language), manifest, type => { found ||= type.kind === 'object' && type.module === other })
  return found
}

function members (module) {
  return [
    ...module.functions.map(member => ({ member })),
    ...module.classes.flatMap(cls => cls.members.map(member => ({ cls, member })))
  ]
}

/** The operators of classes, as if they were members. */
function operators (module) {
  return module.classes.flatMap(cls => (cls.metamethods ?? []).map(m => ({
    cls,
    member: {
      name: m.name,
      parameters: m.operands.map(type => ({ name: 'other', type })),
      results: m.results.map(type => ({ type }))
    }
  })))
}

/**
 * What of `module` a source has that is generated for `language`: not what only the others have, nor a class whose every
 * member only they have.
 */
export function offered (module, language) {
  const has = m => isOffered(m, language)
  return {
    ...module,
    functions: module.functions.filter(has),
    classes: module.classes.filter(c => c.members.length === 0 || c.members.some(has))
      .map(c => ({ ...c, members: c.members.filter(has) }))
  }
}

function isOffered (m, language) {
  return m.languages?.includes(language) ?? true
}

/** Whether `language` has member `m` in a source of its own. */
export function isByHand (m, language) {
  return m.by_hand === true || (m.by_hand_in?.includes(language) ?? false)
}

/**
 * The enums and records that `module` mentions, in the order of the manifest, each with its first `use` (the member,
 * its class if it has one, and the parameter unless it is a result) and whether it is ever `given` as an argument. Of
 * an enum: whether it `names` what another argument or a result is, and whether that is ever given.
 */
export function typesUsed (module, manifest) {
  const enums = new Map()
  const records = new Map()
  const given = new Set()
  const named = new Map()
  eachType(module, manifest, (type, use) => {
    if (type.enum && !enums.has(type.enum)) enums.set(type.enum, use)
    if (type.record && !records.has(type.record)) records.set(type.record, use)
    if (type.record && use.parameter) given.add(type.record)
    if (type.named_by) named.set(type.named_by, named.get(type.named_by) || use.parameter !== undefined)
  })
  const used = (all, uses) => all.filter(e => uses.has(e.name))
    .map(e => ({ ...e, use: uses.get(e.name), given: given.has(e.name) || named.get(e.name), names: named.has(e.name) }))
  return { enums: used(manifest.enums, enums), records: used(manifest.records, records) }
}

/** The class of an object's `type`. */
export function classOf (type, manifest) {
  return manifest.modules.find(m => m.name === type.module).classes.find(c => c.name === type.class)
}

/** What steps through the object that member `m` gives, if `language` can loop over it. */
export function iteratorOf (m, manifest, language) {
  const [type, ...others] = (m.results ?? []).map(r => r.type)
  if (type?.kind !== 'object' || others.length > 0) return undefined
  return classOf(type, manifest).members.find(m => m.iterates && isOffered(m, language))
}

/**
 * What operator `m` of class `c` of `module` takes behind the object, and what it gives then, as pairs of types. `sub`
 * may take another object: what lies between the two is what it gives that is no object.
 */
export function operations (m, module, c) {
  const other = m.operands.at(-1)
  const alternatives = type => type.kind === 'one_of' ? type.alternatives : [type]
  const isOwn = t => t.module === module.name && t.class === c.name
  const [taken, given] = [other, m.results[0]].map(alternatives)
  if (m.name !== 'sub' || !taken.some(isOwn) || !given.some(isOwn)) return [[other, m.results[0]]]
  const unless = (types, leftOut) => {
    const rest = types.filter(t => !leftOut(t))
    return rest.length === 1 ? rest[0] : { kind: 'one_of', alternatives: rest }
  }
  return [[unless(taken, isOwn), given.find(isOwn)], [taken.find(isOwn), unless(given, isOwn)]]
}

function recordOf (type, manifest) {
  return manifest.records.find(r => r.name === type.record)
}
