// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError, invalidArgument, namedError } from '@emilua/native'
import type { OperationOptions } from '@emilua/native/fiber'
import { Parked } from './parking.js'
import { Ring } from './ring.js'
import { custom, show, type InspectOptionsStylized } from './show.js'

/**
 * A queue between fibers, first in, first out, that holds a limited number of items: who is faster waits for the other.
 *
 * No cancellation loses an item: a `send` that was canceled has sent nothing, and a `receive` that was
 * canceled has taken nothing.
 *
 * ```ts
 * const jobs = new Queue<Job>(16)
 * group.spawn(async () => { for await (const job of jobs) await run(job) })
 * for (const job of list) await jobs.send(job)
 * jobs.close()
 * ```
 *
 * @typeParam T - what goes through it; it is not copied
 */
export class Queue<T> {
  /** How many items it holds at most. */
  readonly capacity: number
  readonly #items = new Ring<T>()
  readonly #receivers = new Set<Parked<T>>()
  readonly #senders = new Set<Parked<void>>()
  /** What those who wait want to send. */
  readonly #offers = new WeakMap<Parked<void>, { item: T }>()
  #ended = false

  /**
   * @param capacity - an integer from 0, or `Infinity`. With 0 each `send` waits until its item is taken
   * @throws `EINVAL` (`arg` is `'capacity'`) for anything else
   */
  constructor (capacity: number) {
    if (capacity !== Infinity && (!Number.isSafeInteger(capacity) || capacity < 0)) {
      throw invalidArgument('capacity', 'Expected an integer from 0, or Infinity', capacity)
    }
    this.capacity = capacity
  }

  /** How many items are in it. */
  get size (): number { return this.#items.size }

  /** Whether it was closed. There may still be items in it. */
  get closed (): boolean { return this.#ended }

  /**
   * Puts an item at the end, and waits while there is no room.
   *
   * Suspends; a cancellation point. If it is canceled or aborted, the item was not sent.
   *
   * @throws `CHANNEL_CLOSED` (category `emilua`) if the queue is closed, or is closed meanwhile
   */
  send (item: T, options?: OperationOptions): Promise<void> {
    return Parked.wait<void>(this.#senders, 'room in a queue', options,
      () => this.trySend(item) ? { value: undefined } : null,
      place => { this.#offers.set(place, { item }) })
  }

  /**
   * Puts an item at the end if there is room, or somebody who waits for it. Never suspends.
   *
   * @returns whether there was
   * @throws `CHANNEL_CLOSED` if the queue is closed
   */
  trySend (item: T): boolean {
    if (this.#ended) throw closed()
    const receiver = Parked.first(this.#receivers)
    if (receiver !== null) receiver.grant(item)
    else if (this.#items.size < this.capacity) this.#items.push(item)
    else return false
    return true
  }

  /**
   * Takes the oldest item, and waits for one if there is none. Any number of fibers may; who came first is served first.
   *
   * Suspends; a cancellation point. If it is canceled or aborted, no item was taken.
   *
   * @throws `CHANNEL_CLOSED` if the queue is closed and empty, or becomes so meanwhile
   */
  receive (options?: OperationOptions): Promise<T> {
    return Parked.wait(this.#receivers, 'an item of a queue', options, () => {
      const taken = this.tryReceive()
      if (taken === null && this.#ended) throw closed()
      return taken === null ? null : { value: taken.item }
    })
  }

  /**
   * Takes the oldest item if there is one. Never suspends.
   *
   * @returns the item, in an object because it can be anything, or `null`
   */
  tryReceive (): { item: T } | null {
    if (this.#items.size === 0) return this.takeOffer()
    const item = this.#items.shift()
    const next = this.takeOffer()
    if (next !== null) this.#items.push(next.item)
    return { item }
  }

  /**
   * Says that nothing more comes. What is in the queue can still be received; who waits to send is refused, and so is who
   * waits to receive. Idempotent, does not suspend.
   */
  close (): void {
    this.#ended = true
    for (const line of [this.#senders, this.#receivers]) {
      for (let place = Parked.first<unknown>(line as Set<Parked<unknown>>); place !== null; place = Parked.first(line as Set<Parked<unknown>>)) place.refuse(closed())
    }
  }

  /** The items until the queue is closed and empty. Leaving the loop does not close the queue. */
  async * [Symbol.asyncIterator] (): AsyncGenerator<T, void, undefined> {
    for (;;) {
      let item: T
      try {
        item = await this.receive()
      } catch (error) {
        if (this.#ended && error instanceof EmiluaError && error.code === 'CHANNEL_CLOSED') return
        throw error
      }
      yield item
    }
  }

  /** For `console.log`. */
  [custom] (depth: number, options: InspectOptionsStylized): string {
    return show('Queue', () => ({
      size: this.size, capacity: this.capacity, closed: this.#ended, sending: this.#senders.size, receiving: this.#receivers.size
    }), depth, options)
  }

  private takeOffer (): { item: T } | null {
    const sender = Parked.first(this.#senders)
    if (sender === null) return null
    sender.grant()
    return this.#offers.get(sender)!
  }
}

function closed (): EmiluaError {
  return namedError('emilua', 'channelClosed', { message: 'The queue is closed' })
}
