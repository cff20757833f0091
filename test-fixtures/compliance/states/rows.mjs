// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync } from 'node:fs'
import { described } from '../described.mjs'
import { camel } from '../names.mjs'

const archetypes = JSON.parse(readFileSync(new URL('archetypes.json', import.meta.url), 'utf8'))

/**
 * The operations that `language` has, as its driver is told of them: what archetypes.json says, then what
 * `operations` says, then what the description knows. An operation that `operations` lacks has no `archetype`.
 */
export function operationRows (manifest, language, operations) {
  return described(manifest, language)
    .filter(({ member, internal }) => (member.suspends || member.blocking) && !member.by_hand && !(internal && language === 'lua'))
    .map(of => ({ fixture: 'nothing', arguments: [], ...archetypes[operations[of.name]?.archetype], ...operations[of.name], ...facts(of) }))
    .filter(row => !row.privileged || process.getuid() === 0)
    .map(row => row.method ? row : { ...row, closed: 'there is no object to close' })
}

function facts ({ name, module, cls, member }) {
  const results = member.results ?? []
  const makers = cls?.members.filter(m => m.kind === 'constructor') ?? []
  return {
    name,
    module,
    cls: cls?.name,
    path: member.name,
    method: member.kind === 'method' ? member.name : undefined,
    blocking: member.blocking,
    master: member.master_only || (makers.length > 0 && makers.every(m => m.master_only)) || undefined,
    suspends: member.suspends,
    parameters: member.parameters ?? [],
    results: results.map(r => r.name ?? ''),
    list: results[0]?.type.kind === 'list' || undefined
  }
}

/** The argument of `row` that is a buffer: the name of the fixture's member and that of the parameter. */
export function bufferOf ({ parameters, arguments: values }) {
  const at = parameters.findIndex(p => ['mutable_bytes', 'const_bytes'].includes(p.type.kind))
  return values[at]?.startsWith('$') ? { of: camel(values[at].slice(1)), parameter: camel(parameters[at].name) } : undefined
}

/** `row` as a program of Lua, which has no JSON. */
export function luaText (value) {
  if (Array.isArray(value)) return `{${value.map(luaText).join()}}`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return `{${fields.map(([name, field]) => `[${JSON.stringify(name)}]=${luaText(field)}`).join()}}`
}
