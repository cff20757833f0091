// SPDX-License-Identifier: MIT OR BSL-1.0

/** An operation that waits, as {@link Hold} sees it. */
export interface Held {
  /** Says whether the process stays alive for it; it does until somebody says otherwise. */
  holdProcess (yes: boolean): void
}

/**
 * Decides whether the process stays alive for the operations that it is given to, as the option `hold`. It can change
 * its mind while they wait. What is not held waits on as long as the process is there for another reason.
 */
export class Hold {
  private readonly waiting = new Set<Held>()
  private held = true

  /** Whether the process stays alive for its operations. So it begins. */
  hasRef (): boolean { return this.held }

  /** Keeps the process alive while an operation waits. */
  ref (): this { return this.set(true) }

  /** Lets the process end although operations wait. */
  unref (): this { return this.set(false) }

  /** For operations: `operation` begins to wait. */
  add (operation: Held): void {
    this.waiting.add(operation)
    if (!this.held) operation.holdProcess(false)
  }

  /** For operations: `operation` waits no longer. */
  delete (operation: Held): void {
    this.waiting.delete(operation)
  }

  private set (held: boolean): this {
    if (held !== this.held) {
      this.held = held
      for (const operation of this.waiting) operation.holdProcess(held)
    }
    return this
  }
}
