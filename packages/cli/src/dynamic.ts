// SPDX-License-Identifier: MIT OR BSL-1.0
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compile } from './compile.js'
import { isOurs, resolved, sourceOf } from './transform.js'

/** @internal What `import(expression)` becomes in a compiled module: the file is known only when it is run. */
export async function importFrom (meta: ImportMeta, specifier: unknown, options?: ImportCallOptions): Promise<unknown> {
  const wanted = String(specifier)
  const target = resolved(wanted, fileURLToPath(meta.url))
  if (target === undefined) return await import(meta.resolve(wanted), options)
  const source = sourceOf(target)
  return await import(pathToFileURL(isOurs(source) ? compile(source) : source).href, options)
}
