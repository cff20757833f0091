// SPDX-License-Identifier: MIT OR BSL-1.0
import { classSource } from './class.mjs'
import { namespaceSources } from './namespace.mjs'

/** What TypeScript has by hand, because in Node it comes from JavaScript. */
const byHand = new Set(['system.arguments', 'system.environment'])

/** The TypeScript of one module: a map from paths below `generated/` to texts. */
export function typescriptModule (described, manifest) {
  const functions = described.functions.filter(f => !byHand.has(`${described.name}.${f.name}`))
  const module = { ...described, functions }
  const files = [...module.classes.map(c => classSource(module, c)), ...namespaceSources(module, manifest)]
  const texts = new Map()
  for (const file of files) {
    if (texts.has(file.path)) throw new Error(`${module.name}: two things want to be ${file.path}`)
    texts.set(file.path, file.toString())
  }
  return texts
}
