// SPDX-License-Identifier: MIT OR BSL-1.0

/** A part of the runtime: Lua has other ways to it, and no package is generated for it. */
const isInternal = part => part.internal === true

const has = (language, part) => part?.languages?.includes(language) ?? true

/** The modules that programs in `language` load by name. */
export function modules (manifest, language) {
  return manifest.modules.filter(m => !isInternal(m) && has(language, m))
}

/**
 * All functions and members that `language` has: `{ name, module, cls, member, internal }`, `module` being a name and
 * `cls` a class of the description, if the member is one of a class.
 */
export function described (manifest, language) {
  return manifest.modules.flatMap(module => [
    ...module.functions.map(member => ({ module, member })),
    ...module.classes.flatMap(cls => cls.members.map(member => ({ module, cls, member })))
  ]).filter(({ module, cls, member }) => [module, cls, member].every(part => has(language, part))).map(({ module, cls, member }) => ({
    name: [module.name, ...cls ? [cls.name] : [], member.name].join('.'),
    module: module.name,
    cls,
    member,
    internal: [module, ...cls ? [cls] : [], member].some(isInternal)
  }))
}
