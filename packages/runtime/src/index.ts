// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Fibers: async functions that can be joined and canceled, with scopes, locks and futures that stay correct when they
 * are.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
import './process.js'

export {
  BoundedChannel, Channel, inbox, spawnVm, type Inbox, type InboxOptions, type Message, type NativeMessage, type Sendable, type SpawnVmOptions
} from './actor.js'
export type { ActorEnd } from './actor-end.js'
export type { ActorFinish, ActorSpawn } from './actor-events.js'
export { RemoteChannel, type ActorContext, type RemoteMessage, type SentRemotely, type SourceTree, type SubprocessOptions } from './remote-channel.js'
export { FiberCanceled } from './canceled.js'
export { ConditionVariable } from './condition-variable.js'
export { Fiber, type FiberEnd, type FiberStatus } from './fiber.js'
export { Future, FuturePromise } from './future.js'
export { interruptible } from './interruptible.js'
export { Mutex, RecursiveMutex } from './mutex.js'
export { recordPlaces, vms, type ObservedFiber, type ObservedVm } from './observe.js'
export { onPanic, Panic, setPanicMode, type PanicMode } from './panic.js'
export { Queue } from './queue.js'
export { scope, scopeCleanupPop, scopeCleanupPush, uncancelable } from './scope.js'
export { Semaphore } from './semaphore.js'
export { spawn, type FiberSpawn, type SpawnOptions } from './spawn.js'
export { race, taskGroup, TaskGroup } from './task-group.js'
export { Supervisor, TooManyRestarts, type SupervisedActor, type SupervisedChannel, type SupervisorOptions, type SupervisorStrategy } from './supervisor.js'
export { thisFiber } from './this-fiber.js'
export { timeout, TimeoutError } from './timeout.js'
export type { OperationOptions } from '@emilua/native/fiber'

publish(import.meta.url, self)
