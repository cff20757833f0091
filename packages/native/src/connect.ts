// SPDX-License-Identifier: MIT OR BSL-1.0
import { addon, classKey, type Addon, type NativeFunction, type Natives } from './binding.js'
import { makeError } from './error.js'
import { coreKey, instantiate, registerClass, type Constructor } from './object.js'
import { frame } from './direct.js'
import { writesAtOnce } from './write-at-once.js'
import { drain, heldBy, sharedMemory } from './operation.js'
import { assemble, defineShape } from './results.js'
import { observed } from './observed.js'

let started = false

/** The addon, once it knows the functions that it calls: the way to everything that completes, fails or makes objects. */
export function connected (): Addon {
  const result = addon()
  if (!started) {
    const observe = (): string => observed(namesOfFunctions())
    const program = process.argv[1] ?? ''
    result.start({ drain, makeError, instantiate, defineShape, assemble, observe, program, classKey, coreKey, direct: frame, ...sharedMemory })
    started = true
    listResources()
  }
  return result
}

/**
 * Adds what keeps the process alive to `process.getActiveResourcesInfo()`, which has no other door: `emilua
 * ip.tcp.socket.read_some`, once for each operation that waits.
 */
function listResources (): void {
  const theirs = process.getActiveResourcesInfo
  process.getActiveResourcesInfo = function (this: NodeJS.Process) {
    const names = namesOfFunctions()
    return [...theirs.call(this), ...heldBy().map(fn => `emilua ${names.get(fn) ?? 'operation'}`)]
  }
}

function namesOfFunctions (): Map<NativeFunction, string> {
  const names = new Map<NativeFunction, string>()
  for (const [module, functions] of modules) {
    for (const name in functions) names.set(functions[name]!, `${module}.${name}`)
  }
  return names
}

/** For the package of errors: the category that the text of a file of Turtle defines. */
export function defineErrors (path: string, text: string): ReturnType<Addon['defineErrors']> {
  return connected().defineErrors(path, text)
}

/**
 * For the runtime, before {@link endProgram}: delivers what nothing waits for and what has come while the loop came to its end.
 *
 * @returns whether there was any, whose receiver may do more
 */
export function deliverRest (): boolean { return connected().deliverRest() }

/**
 * For the runtime: the program has nothing left to do. Closes its inbox and its channels, unless something keeps the loop going.
 *
 * @returns whether the loop goes on, for that or for actors that still run
 */
export function endProgram (): boolean { return connected().endProgram() }

/** For the runtime: an actor that is about to be started, called `name` in errors. */
export function reserveActor (name: string, limit: number, waits: boolean): ReturnType<Addon['reserveActor']> { return connected().reserveActor(name, limit, Number(waits)) }

/** For the runtime, in the thread of the actor, before anything asks for its inbox. */
export function beginActor (number: number): void { connected().beginActor(number) }

/**
 * For the runtime, in a process that is an actor, before anything asks for its inbox: messages come from the socket `inbox`,
 * and failures go to the socket `failures`.
 */
export function listenOn (inbox: number, failures: number): void { connected().listenOn(inbox, failures) }

/** For the runtime, in such a process: tells who started it of a failure. */
export function tellFailure (headline: string, details: string): void { connected().tellFailure(headline, details) }

/** For the runtime, in such a process: tells who started it what it ends with. */
export function tellEnd (reason: string, details: string): void { connected().tellEnd(reason, details) }

/** For the runtime: whether a wait for a message has failed because none can come any more. */
export function inboxEnded (): boolean { return connected().inboxEnded() }

/** For the runtime: the thread of the actor has ended, or was never begun. */
export function endActor (number: number, reason: string, failed: boolean): void {
  connected().endActor(number, reason, failed ? 1 : 0)
}

/** For the runtime: how many actors of this program failed whose `closed` it never asked for. */
export function unseenFailures (): number { return connected().unseenFailures() }

/** For `exit`: the process will end without a word to its children. */
export function leaveChildren (): void { connected().leaveChildren() }

const modules = new Map<string, Natives>()

/** The functions of module `name`, by their names in the description; the same object at each call. */
export function natives (name: string): Natives {
  let functions = modules.get(name)
  if (functions === undefined) {
    // In an object that Node-API has given this many properties V8 looks a name up by its hash, in a copy it knows its place.
    functions = { ...connected().natives(name) }
    modules.set(name, functions)
  }
  return functions
}

/** Makes `constructor` the class of what the description of `module` calls `name`. */
export function register (module: string, name: string, constructor: Constructor): void {
  registerClass(module, name, constructor)
  const write = natives(module)[`${name}.write_some:at_once`]
  if (write !== undefined) writesAtOnce(constructor, write)
}
