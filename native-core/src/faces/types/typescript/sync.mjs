// SPDX-License-Identifier: MIT OR BSL-1.0
import { iteratorOf } from '../manifest.mjs'
import { camel, pascal, split } from '../names.mjs'
import { addFunctions, namespaceFile, namespaces } from './namespace.mjs'
import { plain } from './signature.mjs'
import { SourceFile } from './source-file.mjs'
import { classFile } from './types.mjs'

/**
 * The files behind the `/sync` entry of the package: what blocks, as calls that keep their thread, and what gives
 * something to loop over. One file for the module, and one for each of its namespaces that has such functions.
 */
export function syncSources (module, manifest) {
  const iterates = f => f.kind === 'function' && !f.suspends && iteratorOf(f, manifest, 'typescript')
  const functions = module.functions.filter(f => f.blocking || iterates(f)).map(f => f.blocking ? plain(f) : f)
  if (functions.length === 0) return []
  const spaces = namespaces({ functions, classes: [] })
  return spaces.map(space => {
    const file = new SourceFile(pathOf(space), module.name, manifest, true)
    const inner = spaces.filter(s => s !== '' && split(s).space === space)
    file.add(inner.map(s => `export * as ${camel(split(s).name)} from '${file.to(pathOf(s))}'\n`).join(''))
    file.add(classes(functions.filter(iterates), space, file))
    addFunctions(module, functions.filter(f => split(f.name).space === space), file)
    return file
  })
}

/** Exports what `functions` give. */
function classes (functions, space, file) {
  const names = functions.map(f => f.results[0].type)
    .filter(type => type.module === file.module && split(type.class).space === space)
    .map(type => type.class)
  return [...new Set(names)]
    .map(name => `export { ${pascal(split(name).name)} } from '${file.to(classFile(name))}'\n`).join('')
}

function pathOf (space) {
  return space === '' ? 'sync.ts' : `sync/${namespaceFile(space)}`
}
