// SPDX-License-Identifier: MIT OR BSL-1.0
import { createRequire, syncBuiltinESMExports } from 'node:module'

/**
 * Changes a module of Node's own, for all that import it in this thread, once: there may be two of us in a thread, one that
 * came with the command and one of the program's own packages.
 */
export function changeBuiltin<T extends object> (name: string, change: (module: T) => void): void {
  const module = createRequire(import.meta.url)(name) as T
  const changed = Symbol.for(`@emilua/cli: TypeScript for ${name}`)
  if (changed in module) return
  Object.defineProperty(module, changed, { value: true })
  change(module)
  syncBuiltinESMExports()
}
