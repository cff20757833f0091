// SPDX-License-Identifier: MIT OR BSL-1.0
import { classSource } from './class.mjs'
import { namespaceSources } from './namespace.mjs'

/** The TypeScript of one module: a map from paths below `generated/` to texts. */
export function typescriptModule (module, manifest) {
  const files = [...module.classes.map(c => classSource(module, c)), ...namespaceSources(module, manifest)]
  const texts = new Map()
  for (const file of files) {
    if (texts.has(file.path)) throw new Error(`${module.name}: two things want to be ${file.path}`)
    texts.set(file.path, file.toString())
  }
  return texts
}
