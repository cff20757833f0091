// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError } from '@emilua/native'

/** What a sandbox is made of. */
export type Layer = 'namespaces' | 'files' | 'network' | 'landlock' | 'seccomp' | 'privileges' | 'limits'

/**
 * This system cannot give what a policy asks for, and a weaker sandbox is none. The message says what the system
 * answered, and what an administrator can do about it where that is known.
 */
export class SandboxUnavailable extends EmiluaError {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'SandboxUnavailable', configurable: true, writable: true })
  }

  /** Which layer is missing. */
  readonly layer: Layer

  /** @internal made of the core's error */
  constructor (error: EmiluaError) {
    const { code, syscall, arg } = error
    // What went before the colon is added once more.
    const about = arg ?? syscall
    const message = about === undefined ? error.message : error.message.slice(about.length + 2)
    super(error.category, error.errno, { code, message, syscall, arg })
    this.layer = code.slice(0, code.indexOf('_')).toLowerCase() as Layer
  }
}

/** `error`, or what stands for it here. */
export function asUnavailable (error: unknown): unknown {
  return error instanceof EmiluaError && error.category.name === 'sandbox' ? new SandboxUnavailable(error) : error
}
