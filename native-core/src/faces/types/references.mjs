// SPDX-License-Identifier: MIT OR BSL-1.0
import { offered, typesUsed } from './manifest.mjs'
import { camel, kebab, member as memberName, pascal, split } from './names.mjs'

const pattern = /\{@ref ([^{}]*)\}/g
const errors = /\{@error ([a-z_]+)\}/g

/**
 * `module`, with all that is said about it and the types it mentions as `language` spells it: `{@ref local_port}`,
 * `{@ref tcp.socket.connect}` or `{@ref stream.write_all}` name what a description refers to, `{@error eof}` an error.
 * Returns it and the manifest.
 */
export function spelled (module, manifest, language) {
  const { enums, records } = typesUsed(module, manifest)
  const about = (thing, cls, space) => ({ ...thing, ...texts(thing, { module, cls, space, manifest, language }) })
  const callable = (m, cls) => {
    const space = split(cls?.name ?? m.name).space
    const parameters = m.parameters?.map(p => about(p, cls, space))
    return { ...about(m, cls, space), ...parameters && { parameters } }
  }
  return [
    {
      ...about(module),
      functions: module.functions.map(f => callable(f)),
      classes: module.classes.map(c => ({ ...about(c, c, split(c.name).space), members: c.members.map(m => callable(m, c)) }))
    },
    {
      ...manifest,
      enums: enums.map(e => ({ ...e, items: e.items.map(i => about(i)) })),
      records: [
        ...records.map(r => ({ ...r, fields: r.fields.map(f => about(f)) })),
        ...manifest.records.filter(r => !records.some(used => used.name === r.name)) // other modules mention them
      ]
    }
  ]
}

function texts (thing, context) {
  const result = {}
  for (const key of ['doc', 'details']) {
    if (!thing[key]) continue
    result[key] = thing[key]
      .replace(pattern, (_, name) => spell(name, context))
      .replace(errors, (_, name) => context.language === 'lua' ? name : `\`${errorCode(name)}\``)
  }
  return result
}

/** The `code` of an error in TypeScript. */
function errorCode (name) {
  return name === 'operation_aborted' ? 'ECANCELED' : name.toUpperCase()
}

function spell (name, context) {
  const found = find(name, context)
  if (!found) throw new Error(`${context.module.name}: {@ref ${name}} names nothing that ${context.language} has`)
  return context.language === 'lua' ? `\`${name}\`` : inTypescript(found, context)
}

/** What `name` means where `context` is: a member of the class, something of the module, or of another module. */
function find (name, { module, cls, space, manifest, language }) {
  const own = cls && memberOf(offered(module, language), `${cls.name}.${name}`)
  if (own) return { ...own, near: true }
  const dot = name.indexOf('.')
  const other = manifest.modules.find(m => m.name === name.slice(0, dot))
  return (space && memberOf(offered(module, language), `${space}.${name}`)) ||
    memberOf(offered(module, language), name) ||
    (dot > 0 && other && memberOf(offered(other, language), name.slice(dot + 1))) || null
}

/** The class, the member of a class or the function that `module` calls `path`. */
function memberOf (module, path) {
  const { space, name } = split(path)
  const cls = module.classes.find(c => c.name === path)
  if (cls) return { module, cls }
  const owner = module.classes.find(c => c.name === space)
  const member = owner?.members.find(m => m.name === name) ?? module.functions.find(f => f.name === path)
  return member ? { module, cls: owner, member } : null
}

function inTypescript ({ module, cls, member, near }, context) {
  if (near) return `{@link ${memberName(member.name)}}`
  const { space, name } = split(cls?.name ?? member.name)
  const path = [...space.split('.').map(camel), ...cls ? [pascal(name)] : [], ...member ? [memberName(split(member.name).name)] : []]
  const code = '`' + path.filter(part => part !== '').join('.') + '`'
  return module.name === context.module.name ? code : `${code} of \`@emilua/${kebab(module.name)}\``
}
