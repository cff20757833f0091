// SPDX-License-Identifier: MIT OR BSL-1.0

/** First in, first out, in a ring that grows: an array's `shift` moves every element. */
export class Ring<T> {
  private slots: (T | undefined)[] = new Array<T | undefined>(16)
  private head = 0
  size = 0

  push (item: T): void {
    if (this.size === this.slots.length) this.grow()
    this.slots[(this.head + this.size) & (this.slots.length - 1)] = item
    this.size++
  }

  /** The oldest item, which stays. The ring must not be empty. */
  get first (): T { return this.slots[this.head] as T }

  /** Takes the oldest item out. The ring must not be empty. */
  shift (): T {
    const item = this.slots[this.head] as T
    this.slots[this.head] = undefined
    this.head = (this.head + 1) & (this.slots.length - 1)
    this.size--
    return item
  }

  private grow (): void {
    const old = this.slots
    this.slots = [...old.slice(this.head), ...old.slice(0, this.head), ...new Array<undefined>(old.length)]
    this.head = 0
  }
}
