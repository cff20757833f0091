// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "sandbox"; change that instead.
import { adopt, handleOf, NativeObject, natives, notConstructible, operate0, type OperationOptions, register } from '@emilua/native'
import type { Foundation, LimitKind, MemoryScope, RefusedRequest } from './types.js'

const native = natives('sandbox')

/** A program in a sandbox. One that nobody waits for is ended when its object is collected. */
export class Guest extends NativeObject {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('sandbox.guest'))
  }

  /**
   * Waits until the program has ended, and all that it started with it.
   *
   * Afterwards `Guest.exitCode`, `Guest.exitSignal` and `Guest.limit` tell how. Several may wait; one that is
   * canceled takes nothing away.
   *
   * @param options - A signal that ends the wait.
   */
  wait (options?: OperationOptions): Promise<void> {
    return operate0(native['guest.wait'], handleOf(this), options)
  }

  /**
   * Sends a signal to the program.
   *
   * SIGKILL ends all that is in the sandbox. ESRCH when it has ended. pidfd_send_signal(2).
   *
   * @param signal - A signal; 0 sends nothing and only checks.
   */
  kill (signal: number): void {
    native['guest.kill'](handleOf(this), signal)
  }

  /**
   * What the program passed to exit(3), or 128 and the signal that ended it.
   *
   * EINVAL before `Guest.wait`.
   */
  get exitCode (): number {
    return native['guest.exit_code'](handleOf(this)) as number
  }

  /**
   * The signal that ended the program; nothing if none did.
   *
   * EINVAL before `Guest.wait`.
   */
  get exitSignal (): number | undefined {
    return native['guest.exit_signal'](handleOf(this)) as number | undefined
  }

  /**
   * Which limit of the policy ended the program, or kept it from starting processes until it failed; nothing if
   * none did.
   *
   * `memory` and `processes` are known where a control group counts them, which the guide "Run untrusted code"
   * explains. EINVAL before `Guest.wait`.
   */
  get limit (): LimitKind | undefined {
    return native['guest.limit'](handleOf(this)) as LimitKind | undefined
  }

  /**
   * Seconds of the processor that it took, with all that it started.
   *
   * EINVAL before `Guest.wait`.
   */
  get processorTime (): number {
    return native['guest.processor_time'](handleOf(this)) as number
  }

  /** The number of the process that holds the sandbox; nothing when it was waited for. */
  get pid (): number | undefined {
    return native['guest.pid'](handleOf(this)) as number | undefined
  }

  /**
   * What it asked for until now and did not get, each thing once.
   *
   * Of connections and names, with rules for the network; of files, with `explain`.
   */
  get refused (): RefusedRequest[] {
    return native['guest.refused'](handleOf(this)) as RefusedRequest[]
  }

  /** What its sandbox stands on. */
  get foundation (): Foundation {
    return native['guest.foundation'](handleOf(this)) as Foundation
  }

  /**
   * Of whom `limits.memory` counts memory: of all processes of the sandbox together, besides each alone, where a
   * control group holds it, or only of each alone; nothing without that limit.
   */
  get memoryScope (): MemoryScope | undefined {
    return native['guest.memory_scope'](handleOf(this)) as MemoryScope | undefined
  }
}

register('sandbox', 'guest', Guest)
