// SPDX-License-Identifier: MIT OR BSL-1.0
import { absolute, builtin, type Natives } from './binding.js'
import { connected, natives } from './connect.js'

/**
 * Loads a plugin: a shared object that describes a module of its own, as `include/emilua/plugin.hpp` says.
 *
 * A file is loaded once a process, by whichever thread or language asks first, and never unloaded.
 *
 * @param path - where it is; a relative path begins at the working directory, so take
 * `new URL('../build/name.so', import.meta.url)`
 * @returns the functions of its module, as `natives` does; classes are registered under the module's name
 * @throws `ENOENT` and other errors of realpath(3); `ENOEXEC` with an explanation if it is no plugin, was built for
 * another ABI, or its module has the name of another one
 */
export function loadPlugin (path: string | URL): Natives {
  const { fileURLToPath } = builtin('node:url') as typeof import('node:url')
  return natives(connected().loadPlugin(path instanceof URL ? fileURLToPath(path) : absolute(path)))
}
