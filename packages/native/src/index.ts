// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * The door to the native core for the packages that are slices of it.
 *
 * @packageDocumentation
 */
export type { ErrorTables, NativeFunction, Natives } from './binding.js'
export { publish, showCaller } from './caller.js'
export { beginActor, defineErrors, deliverRest, endActor, endProgram, inboxEnded, leaveChildren, listenOn, natives, register, reserveActor, tellEnd, tellFailure, unseenFailures } from './connect.js'
export { Direct, direct } from './direct.js'
export { endOfFile, isEof } from './eof.js'
export { EmiluaError, ErrorCategory, errorCategory, type ErrorDetails } from './error.js'
export { checkFields, checkOptions, counted, invalidArgument, namedError, runtimeError, systemError, type RuntimeErrorName, type SystemErrorCode } from './failures.js'
export type { OperationOptions } from './fiber.js'
export { Hold } from './hold.js'
export { NativeObject, NativeValue, adopt, handleOf, notConstructible, promptly, retire, setTurn, turnAt, wireOf, type Constructor, type PathValue, type Wire } from './object.js'
export { iterate } from './iterate.js'
export { isItMeant } from './similar.js'
export { loadPlugin } from './plugin.js'
export { operate, operate0, operate1, operate2, operate3, operate4, read, resolved, writeDirectly, type ReadResult } from './operation.js'
export { readInto, readsInto, type ReadSome } from './read-into.js'
export { writeAtOnce, writerOf, type WriteSome } from './write-at-once.js'
