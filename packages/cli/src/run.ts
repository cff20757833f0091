// SPDX-License-Identifier: MIT OR BSL-1.0
import { pathToFileURL } from 'node:url'
import { compile } from './compile.js'
import { unmirrored } from './mirror.js'

/**
 * Compiles a module if need be and imports it into this thread, with stack traces that point into its source.
 *
 * @param path The module's file; relative paths start at the working directory.
 * @returns What the module exports, when its top level has finished.
 */
export async function run (path: string): Promise<unknown> {
  process.setSourceMapsEnabled(true)
  const compiled = pathToFileURL(compile(path)).href
  try {
    return await import(compiled)
  } catch (error) {
    // What Node says of a module it cannot find names the importer, which nobody but us knows under that name.
    if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') {
      error.message = unmirrored(error.message)
    }
    throw error
  }
}
