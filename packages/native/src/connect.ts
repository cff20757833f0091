// SPDX-License-Identifier: MIT OR BSL-1.0
import { addon, type Addon, type Natives } from './binding.js'
import { makeError } from './error.js'
import { classKey, coreKey, instantiate } from './object.js'
import { drain, sharedMemory } from './operation.js'

let started = false

/** The addon, once it knows the functions that it calls: the way to everything that completes, fails or makes objects. */
export function connected (): Addon {
  const result = addon()
  if (!started) {
    result.start({ drain, makeError, instantiate, symbols: [classKey, coreKey], ...sharedMemory })
    started = true
  }
  return result
}

const modules = new Map<string, Natives>()

/** The functions of module `name`, by their names in the description; the same object at each call. */
export function natives (name: string): Natives {
  let functions = modules.get(name)
  if (functions === undefined) {
    functions = connected().natives(name)
    modules.set(name, functions)
  }
  return functions
}
