// SPDX-License-Identifier: MIT OR BSL-1.0
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compile } from './compile.js'
import { explained } from './errors.js'
import { isOurs } from './kinds.js'
import { Reads } from './reads.js'
import { resolve, type Resolved } from './resolve.js'
import { SettingsReader } from './settings.js'

function target (specifier: string, importer: string): Resolved | undefined {
  const path = fileURLToPath(importer)
  const reads = new Reads()
  return resolve(specifier, path, new SettingsReader(reads).of(path), reads)
}

/** @internal What `import(expression)` becomes in a compiled module: the file is known only when it is run. */
export async function importFrom (meta: ImportMeta, specifier: unknown, options?: ImportCallOptions): Promise<unknown> {
  const wanted = String(specifier)
  try {
    const found = target(wanted, meta.url)
    if (found === undefined || 'name' in found) return await import(meta.resolve(found?.name ?? wanted), options)
    const { path, suffix } = found
    return await import(pathToFileURL(isOurs(path) ? compile(path) : path).href + suffix, options)
  } catch (error) {
    throw named(explained(error), meta)
  }
}

// Node takes this file for the importer.
function named (error: unknown, { url }: ImportMeta): unknown {
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_MODULE_NOT_FOUND') {
    const missing = error as Error
    const { message, stack } = missing
    missing.message = message.replace(fileURLToPath(import.meta.url), fileURLToPath(url))
    missing.stack = stack!.replace(message, missing.message)
  }
  return error
}

/** @internal What `import.meta.resolve` becomes in a compiled module, where Node's own starts at the compiled file. */
export function resolveFrom (original: (specifier: string) => string, url: string): (specifier: string) => string {
  return specifier => {
    try {
      const found = target(String(specifier), url)
      if (found === undefined || 'name' in found) return original(found?.name ?? specifier)
      return pathToFileURL(found.path).href + found.suffix
    } catch (error) {
      throw explained(error)
    }
  }
}
