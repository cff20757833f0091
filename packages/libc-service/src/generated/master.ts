// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "libc_service"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { type Address } from '@emilua/ip'
import { adopt, EmiluaError, handleOf, NativeObject, natives, notConstructible, operate0, type OperationOptions, register } from '@emilua/native'
import type { AddressError, LibcFunction, StatResult } from './types.js'

const native = natives('libc_service')

/** Answers calls of programs that have the other end. */
export class Master extends NativeObject {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('libc_service.master'))
  }

  /**
   * Waits for the next call.
   *
   * Suspends; one fiber at a time. A call that was not answered until then fails with EIO. EOF when no program has
   * the other end any more, EBADMSG for what is no call.
   *
   * @param options - A signal that ends the wait.
   */
  receive (options?: OperationOptions): Promise<void> {
    return operate0(native['master.receive'], handleOf(this), options)
  }

  /**
   * Answers the call.
   *
   * Does not wait: whoever asked and is gone gets nothing. EINVAL for a result that the function cannot have, and
   * where there is no call that waits for an answer.
   *
   * @param result - What the call gives: a number, -1 for a failure; of stat and lstat its fields; of getaddrinfo a
   *   list of an address and a port, the name of an error, or nothing where there is no address.
   * @param errno - Why it failed: a number, or a name such as "EACCES"; 0 if left out.
   */
  send (
    result?: number | AddressError | StatResult | readonly (Address | number)[], errno?: number | string
  ): void {
    native['master.send'](handleOf(this), result, errno)
  }

  /**
   * Answers the call, with descriptors.
   *
   * Does not wait: whoever asked and is gone gets nothing. EINVAL for a result that the function cannot have, and
   * where there is no call that waits for an answer.
   *
   * @param result - What the call gives: a number, -1 for a failure; of stat and lstat its fields; of getaddrinfo a
   *   list of an address and a port, the name of an error, or nothing where there is no address.
   * @param fds - Descriptors: what open and openat give is the first.
   * @param errno - Why it failed: a number, or a name such as "EACCES"; 0 if left out.
   */
  sendWithFds (
    result: number | AddressError | StatResult | readonly (Address | number)[] | undefined, fds: readonly FileDescriptor[], errno?: number | string
  ): void {
    native['master.send_with_fds'](handleOf(this), result, fds, errno)
  }

  /**
   * Lets the program make the call itself, with what it may do.
   *
   * EINVAL where there is no call that waits for an answer.
   */
  useSlaveCredentials (): void {
    native['master.use_slave_credentials'](handleOf(this))
  }

  /**
   * The arguments of the call.
   *
   * open: path, flags and, if it makes a file, the mode; openat: the same; unlink, stat, lstat, rmdir: path;
   * rename: both paths; access, eaccess: path, and "f" or a list of "r", "w", "x"; mkdir: path, mode; connect_unix,
   * bind_unix: path; connect_inet, bind_inet and those of inet6: address, port; getaddrinfo: node, service, and
   * "tcp" or "udp" if it matters. EINVAL before a call was received.
   */
  get arguments (): (string | number | string[] | Address)[] {
    return native['master.arguments'](handleOf(this)) as (string | number | string[] | Address)[]
  }

  /**
   * What the program sent along with the call.
   *
   * openat has the folder, connect and bind have the socket. Once: a second time there are none.
   */
  descriptors (): FileDescriptor[] {
    return native['master.descriptors'](handleOf(this)) as FileDescriptor[]
  }

  /** What was called; nothing before the first call. */
  get function_ (): LibcFunction | undefined {
    return native['master.function_'](handleOf(this)) as LibcFunction | undefined
  }

  /**
   * Ends it: calls of the program fail with EIO from now on.
   *
   * EBADF when it is closed.
   */
  close (): void {
    native['master.close'](handleOf(this))
  }

  /**
   * Ends what waits with operation_aborted.
   *
   * EBADF when it is closed.
   */
  cancel (): void {
    native['master.cancel'](handleOf(this))
  }

  /** Whether it is open. */
  get isOpen (): boolean {
    return native['master.is_open'](handleOf(this)) as boolean
  }

  /** {@link close}, at the end of a `using` block. What was handed on is left alone. */
  [Symbol.dispose] (): void {
    try {
      this.close()
    } catch (error) {
      if (!(error instanceof EmiluaError && error.code === 'EBADF')) throw error
    }
  }

  /** {@link close}, at the end of an `await using` block. What was handed on is left alone. */
  [Symbol.asyncDispose] (): Promise<void> {
    this[Symbol.dispose]()
    return Promise.resolve()
  }
}

register('libc_service', 'master', Master)
