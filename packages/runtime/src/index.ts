// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Fibers: async functions that can be joined and canceled, with scopes, locks and futures that stay correct when they
 * are.
 *
 * @packageDocumentation
 */
import './process.js'

export {
  Channel, inbox, spawnVm, type ActorEnd, type Inbox, type Message, type NativeMessage, type SpawnVmOptions
} from './actor.js'
export { FiberCanceled } from './canceled.js'
export { ConditionVariable } from './condition-variable.js'
export { Fiber, spawn } from './fiber.js'
export { Future, FuturePromise } from './future.js'
export { interruptible } from './interruptible.js'
export { Mutex, RecursiveMutex } from './mutex.js'
export { scope, scopeCleanupPop, scopeCleanupPush, uncancelable } from './scope.js'
export { thisFiber } from './this-fiber.js'
export type { OperationOptions } from '@emilua/native/fiber'
