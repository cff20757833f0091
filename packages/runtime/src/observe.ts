// SPDX-License-Identifier: MIT OR BSL-1.0
import { natives, operate1, type OperationOptions } from '@emilua/native'
import { places, type FiberReport } from '@emilua/native/fiber'
import { Fiber, main } from './fiber.js'

const native = natives('actor')

/** A fiber, as {@link vms} saw it. */
export interface ObservedFiber {
  /** As its program knows it: `fiber.id`, in Lua `this_fiber.id`. */
  id: string
  /** The name it was spawned with. */
  name?: string
  /** `'ended'`: nobody has joined it yet. */
  state: 'running' | 'ready' | 'waiting' | 'ended'
  isMain: boolean
  /** Whether it was asked to end. */
  canceled: boolean
  /**
   * The operation that it waits for, `ip.tcp.socket.read_some`, in Lua what it called: `tcp.socket:read_some()`. Not there if it waits for a promise that is
   * not of Emilua.
   */
  waitsFor?: string
  /** The `id` of the fiber that it waits for: to join it or, in Lua, for its mutex. */
  waitsForFiber?: string
  /** `FILE:LINE`. In JavaScript where {@link recordPlaces} says so; where it was spawned, if that is all there is. */
  where?: string
  inFunction?: string
  /** How long it has waited; in Lua to within a turn of its VM. */
  seconds?: number
}

/** A VM, as {@link vms} saw it: Lua's, or a thread of Node's with an event loop. */
export interface ObservedVm {
  id: string
  language: 'lua' | 'javascript'
  role: 'main' | 'worker'
  /** The program's file. */
  program?: string
  /** Whether a thread runs its code, or it waits for something to happen. */
  state: 'running' | 'waiting'
  /** How long since its last turn began; of Lua. */
  seconds?: number
  /** How many messages lie in its inbox, if it has one. */
  messages?: number
  /** Those that have not ended, oldest first; none of JavaScript that was busy for a second. */
  fibers: ObservedFiber[]
}

/**
 * Looks at all VMs of a process, of both languages: at their fibers and what each waits for. The process goes on. It
 * takes a millisecond or two, and a second more where JavaScript is busy, because JavaScript tells for itself.
 *
 * What `emilua --fibers PID` prints. A copy of the process is made, so this is for people and for health checks rather
 * than for each request. Suspends.
 *
 * @param pid - the process; this one if it is left out
 * @returns rejects with `ESRCH` if there is none or it ended meanwhile; `EPERM` if it is another user's, unless this is
 *   root; `EOPNOTSUPP` if it has no VMs of Emilua; `EAGAIN` if it is stopped; `ETIMEDOUT` if it does not answer
 */
export function vms (pid?: number, options?: OperationOptions): Promise<ObservedVm[]> {
  return operate1<ObservedVm[]>(native['vms']!, 0, options, pid)
}

/**
 * Has the fibers of this thread note where they are spawned, where they wait, and since when, for {@link vms} and
 * `emilua --fibers`. Costs a stack trace for each, several microseconds; the environment variable `EMILUA_OBSERVE=1` is
 * the same from the start, in every thread. Also the error of an operation that nobody awaits has the stack of its call then. Without, JavaScript knows of native operations since when, and of no places.
 *
 * @param yes - `false` ends it
 */
export function recordPlaces (yes = true): void { places.recorded = yes }

function report (fiber: Fiber<unknown>): FiberReport {
  const { id, name, status, parkedOn, operations } = fiber
  const { spawned, waits } = fiber.place
  const at = (waits ?? spawned)?.read()
  return {
    id, name, operations,
    isMain: fiber === main,
    state: status === 'ready' ? 'ready' : 'waiting',
    canceled: status === 'canceling',
    parkedOn: parkedOn instanceof Fiber ? 'fiber.join' : parkedOn ?? undefined,
    waitsForFiber: parkedOn instanceof Fiber ? parkedOn.id : undefined,
    where: at?.where,
    function: at?.function,
    seconds: waits?.seconds
  }
}

/** What the fibers of this thread are at, oldest first. @internal */
export function reportFibers (): FiberReport[] {
  return [main, ...[...Fiber.unfinished()].reverse()].map(report)
}
