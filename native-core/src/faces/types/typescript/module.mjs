// SPDX-License-Identifier: MIT OR BSL-1.0
import { isByHand, offered } from '../manifest.mjs'
import { classSource } from './class.mjs'
import { namespaceSources } from './namespace.mjs'
import { syncSources } from './sync.mjs'

const generated = m => !isByHand(m, 'typescript')

/** The TypeScript of one module, without what the package has by hand, classes too: a map from paths below `generated/` to texts. */
export function typescriptModule (described, manifest) {
  const all = offered(described, 'typescript')
  const module = {
    ...all,
    functions: all.functions.filter(generated),
    classes: all.classes.filter(c => c.members.length === 0 || c.members.some(generated))
      .map(c => ({ ...c, members: c.members.filter(generated) }))
  }
  if (module.functions.length + module.classes.length === 0) return new Map()
  const files = [
    ...module.classes.map(c => classSource(module, c, manifest)),
    ...namespaceSources(module, manifest),
    ...syncSources(module, manifest)
  ]
  const texts = new Map()
  for (const file of files) {
    if (texts.has(file.path)) throw new Error(`${module.name}: two things want to be ${file.path}`)
    texts.set(file.path, file.toString())
  }
  return texts
}
