// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import { adopt, handleOf, NativeObject, natives, notConstructible, operate0, type OperationOptions, register } from '@emilua/native'
import type { LinuxCapabilities } from './linux-capabilities.js'

const native = natives('system')

/**
 * A child process. One that nobody waits for gets the signal it was spawned with when its object is collected, and
 * is reaped; this process does not end before it.
 */
export class Subprocess extends NativeObject {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('system.subprocess'))
  }

  /**
   * Waits until the process has ended.
   *
   * Afterwards `Subprocess.exitCode` and `Subprocess.exitSignal` tell how. Returns at once when it was waited for
   * before; a wait that is canceled takes nothing away. ECHILD when this process ignores SIGCHLD. waitid(2).
   *
   * @param options - A signal that ends the wait.
   */
  wait (options?: OperationOptions): Promise<void> {
    return operate0(native['subprocess.wait'], handleOf(this), options)
  }

  /**
   * Sends a signal to the process.
   *
   * Never to another one: ESRCH when it was waited for. EINVAL when there is no such signal, EPERM when it runs as
   * somebody else. pidfd_send_signal(2).
   *
   * @param signal - A signal; 0 sends nothing and only checks.
   */
  kill (signal: number): void {
    native['subprocess.kill'](handleOf(this), signal)
  }

  /**
   * The capabilities of the process.
   *
   * ESRCH when it was waited for. cap_get_pid(3).
   */
  capGet (): LinuxCapabilities {
    return native['subprocess.cap_get'](handleOf(this)) as LinuxCapabilities
  }

  /**
   * What the process passed to exit(3), or 128 and the signal that ended it.
   *
   * EINVAL before `Subprocess.wait`.
   */
  get exitCode (): number {
    return native['subprocess.exit_code'](handleOf(this)) as number
  }

  /**
   * The signal that ended the process; nothing if none did.
   *
   * EINVAL before `Subprocess.wait`.
   */
  get exitSignal (): number | undefined {
    return native['subprocess.exit_signal'](handleOf(this)) as number | undefined
  }

  /** The number of the process; nothing when it was waited for. */
  get pid (): number | undefined {
    return native['subprocess.pid'](handleOf(this)) as number | undefined
  }
}

register('system', 'subprocess', Subprocess)
