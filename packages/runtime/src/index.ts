// SPDX-License-Identifier: MIT OR BSL-1.0
import './process.js'

export { FiberCanceled } from './canceled.js'
export { ConditionVariable } from './condition-variable.js'
export { Fiber, spawn } from './fiber.js'
export { Future, FuturePromise } from './future.js'
export { interruptible } from './interruptible.js'
export { Mutex, RecursiveMutex } from './mutex.js'
export { scope, scopeCleanupPop, scopeCleanupPush, uncancelable } from './scope.js'
export { thisFiber } from './this-fiber.js'
export type { OperationOptions } from '@emilua/native/fiber'
