// SPDX-License-Identifier: MIT OR BSL-1.0
import { currentFiber, enter, suspend, Waiting, type OperationOptions } from '@emilua/native/fiber'

/** An operation like a native one: it tries, waits, and its cancellation completes on a later turn. */
export class Device {
  readonly log: string[] = []
  inline: number | null = null
  private waiting: Read | null = null

  read (options?: OperationOptions): Promise<number> {
    const fiber = currentFiber()
    const refused = enter(fiber, options)
    if (refused !== null) return refused
    this.log.push('started')
    if (this.inline !== null) return Promise.resolve(this.inline)
    return new Promise((resolve, reject) => {
      this.waiting = new Read(this, resolve, reject)
      this.waiting.park(fiber, options?.signal)
    })
  }

  get busy (): boolean { return this.waiting !== null }

  complete (value: number): void {
    const read = this.waiting!
    this.waiting = null
    read.unpark()
    read.resolve(value)
  }

  fail (error: Error): void {
    const read = this.waiting!
    this.waiting = null
    read.unpark()
    read.reject(read.interrupted ? read.reason : error)
  }
}

class Read extends Waiting {
  constructor (readonly device: Device, readonly resolve: (value: number) => void, readonly reject: (error: unknown) => void) {
    super()
  }

  protected override cancel (): void {
    this.device.log.push('cancel')
    setImmediate(() => {
      this.device.log.push('canceled')
      if (this.device.busy) this.device.fail(new Error('operation aborted'))
    })
  }
}

/** Waits `ms` milliseconds. */
export function sleep (ms: number, options?: OperationOptions): Promise<void> {
  return suspend(options, settle => {
    const timer = setTimeout(() => { settle.resolve(undefined) }, ms)
    return reason => {
      clearTimeout(timer)
      settle.reject(reason)
    }
  })
}

/** Waits for what does not come. Keeps the process alive. */
export const forever = (): Promise<void> => sleep(2 ** 30)

/** The value a promise rejects with; fails if it does not. */
export async function rejection (promise: Promise<unknown>): Promise<unknown> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    return error
  }
  throw new Error(`resolved with ${String(value)}`)
}
