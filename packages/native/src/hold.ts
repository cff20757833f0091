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
  /** What waits: most often there is one, for which a set would take much longer. */
  private first: Held | null = null
  private more: Set<Held> | null = null
  private held = true

  readonly #alone = Object.freeze({ hold: this as Hold })

  /** Options with this and nothing else: they are always the same, and are not checked at each operation. */
  get alone (): Readonly<{ hold: Hold }> { return this.#alone }

  /** Whether the process stays alive for its operations. So it begins. */
  hasRef (): boolean { return this.held }

  /** Keeps the process alive while an operation waits. */
  ref (): this { return this.set(true) }

  /** Lets the process end although operations wait. */
  unref (): this { return this.set(false) }

  /** For operations: `operation` begins to wait. */
  add (operation: Held): void {
    if (this.first === null) this.first = operation
    else (this.more ??= new Set()).add(operation)
    if (!this.held) operation.holdProcess(false)
  }

  /** For operations: `operation` waits no longer. */
  delete (operation: Held): void {
    if (this.first === operation) this.first = null
    else this.more?.delete(operation)
  }

  private set (held: boolean): this {
    if (held !== this.held) {
      this.held = held
      this.first?.holdProcess(held)
      for (const operation of this.more ?? []) operation.holdProcess(held)
    }
    return this
  }
}
