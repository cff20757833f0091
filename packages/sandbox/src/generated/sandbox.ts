// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "sandbox"; change that instead.
import { adopt, handleOf, NativeObject, natives, operate0, operate1, type OperationOptions, register } from '@emilua/native'
import type { Guest } from './guest.js'
import type { FolderChange, Foundation, GuestOptions, Policy } from './types.js'

const native = natives('sandbox')

/** What may be done, by programs of any kind. */
export class Sandbox extends NativeObject {
  /**
   * Makes a sandbox, in which nothing runs yet.
   *
   * What this system cannot enforce is an error of category "sandbox" that says which layer is missing, what the
   * system answered and what an administrator can do; never a weaker sandbox. EINVAL for a policy that contradicts
   * itself.
   *
   * @param policy - What they may do; nothing but to compute, if left out.
   */
  constructor (policy?: Policy) {
    super(adopt() ?? native['sandbox.new'](policy))
  }

  /**
   * Starts a program in the sandbox.
   *
   * When it runs, this is through. What is in the policy has to be there: ENOENT with the path at fault.
   *
   * @param opts - What runs, and with what.
   * @param options - A signal that ends the wait.
   */
  spawn (opts: GuestOptions, options?: OperationOptions): Promise<Guest> {
    return operate1(native['sandbox.spawn'], handleOf(this), options, opts)
  }

  /**
   * Waits until the actors that were started in the sandbox are confined.
   *
   * Before, they run nothing of their programs. Fails with what could not be enforced, as `Sandbox.new` does, or
   * ECHILD for an actor that ended before.
   *
   * @param options - A signal that ends the wait.
   */
  handshake (options?: OperationOptions): Promise<void> {
    return operate0(native['sandbox.handshake'], handleOf(this), options)
  }

  /**
   * Tells what guests made of the folder of `copy_on_write`, by path.
   *
   * What has become as it was is not told. EINVAL without such a folder, EBUSY while a guest runs, EOVERFLOW for
   * more than a million.
   *
   * @param options - A signal that ends the wait.
   */
  changes (options?: OperationOptions): Promise<FolderChange[]> {
    return operate0(native['sandbox.changes'], handleOf(this), options)
  }

  /**
   * Brings all of `Sandbox.changes` to the folder of `copy_on_write`, and begins anew with it.
   *
   * Each file is replaced at once, all of them one after the other; what fails names the path, and can be called
   * again. No link is followed out of the folder. Setuid bits, FIFOs, sockets and extended attributes are left
   * behind. EINVAL and EBUSY as `Sandbox.changes`.
   *
   * @param options - A signal that ends the wait.
   */
  commit (options?: OperationOptions): Promise<void> {
    return operate0(native['sandbox.commit'], handleOf(this), options)
  }

  /**
   * Forgets what guests made of the folder of `copy_on_write`.
   *
   * EINVAL and EBUSY as `Sandbox.changes`.
   *
   * @param options - A signal that ends the wait.
   */
  discard (options?: OperationOptions): Promise<void> {
    return operate0(native['sandbox.discard'], handleOf(this), options)
  }

  /** What it stands on. */
  get foundation (): Foundation {
    return native['sandbox.foundation'](handleOf(this)) as Foundation
  }

  /** Bytes that each process may have, as the policy says; nothing if it does not. */
  get memory (): number | undefined {
    return native['sandbox.memory'](handleOf(this)) as number | undefined
  }
}

register('sandbox', 'sandbox', Sandbox)
