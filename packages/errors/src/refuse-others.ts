// SPDX-License-Identifier: MIT OR BSL-1.0
import { isItMeant, systemError } from '@emilua/native'

/**
 * Lets `object`, which is called `what`, throw where it is asked for a name that it does not have and that looks like
 * one of an error: `undefined` would equal nothing, in silence. What it has it gives as before, and other names, by which
 * libraries ask objects what they are, stay `undefined`.
 *
 * @returns `object`
 */
export function refuseOthers<T extends object> (object: T, what: string, known: readonly string[]): T {
  const before = Object.getPrototypeOf(object) as object | null
  return Object.setPrototypeOf(object, new Proxy(before ?? Object.create(null) as object, {
    get (target, name, receiver): unknown {
      if (typeof name === 'string' && !(name in target)) {
        const hint = isItMeant(name, known)
        if (hint !== '' || /^[A-Z][A-Z0-9_]+$/.test(name)) throw systemError('EINVAL', `${what} has no error '${name}'${hint}`)
      }
      return Reflect.get(target, name, receiver)
    }
  })) as T
}
