// SPDX-License-Identifier: MIT OR BSL-1.0
import { camel, split } from '../names.mjs'
import { addFunctions, namespaceFile, namespaces } from './namespace.mjs'
import { plain } from './signature.mjs'
import { SourceFile } from './source-file.mjs'

/**
 * The files behind the `/sync` entry of the package: what blocks, as calls that keep their thread. One file for the
 * module, and one for each of its namespaces that has such functions.
 */
export function syncSources (module, manifest) {
  const functions = module.functions.filter(f => f.blocking).map(plain)
  if (functions.length === 0) return []
  const spaces = namespaces({ functions, classes: [] })
  return spaces.map(space => {
    const file = new SourceFile(pathOf(space), module.name, manifest, true)
    const inner = spaces.filter(s => s !== '' && split(s).space === space)
    file.add(inner.map(s => `export * as ${camel(split(s).name)} from '${file.to(pathOf(s))}'\n`).join(''))
    addFunctions(module, functions.filter(f => split(f.name).space === space), file)
    return file
  })
}

function pathOf (space) {
  return space === '' ? 'sync.ts' : `sync/${namespaceFile(space)}`
}
