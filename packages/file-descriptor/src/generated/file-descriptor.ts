// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "file_descriptor"; change that instead.
import { adopt, EmiluaError, handleOf, NativeObject, natives, notConstructible, operate0, operate1, operate3, type OperationOptions, type PathValue, register, retire } from '@emilua/native'
import type { FileKind, OpenatFlag, SocketFamily, SocketKind, SocketProtocol } from './types.js'

const native = natives('file_descriptor')

/**
 * A file descriptor that nothing else uses: an open file, socket, pipe or device on its way from one owner to the
 * next.
 */
export class FileDescriptor extends NativeObject {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('file_descriptor.file_descriptor'))
  }

  /**
   * Closes the descriptor now.
   *
   * Without it the garbage collector does so. Closing again does nothing. EBADF when it was handed on. close(2).
   *
   * What is closed already, or was handed on, is left alone.
   */
  close (): void {
    try {
      native['file_descriptor.close'](handleOf(this))
      retire(this)
    } catch (error) {
      if (!(error instanceof EmiluaError && error.code === 'EBADF')) throw error
    }
  }

  /**
   * Makes another descriptor of the same open file.
   *
   * Both share position and flags; the new one is not inherited by child processes. EMFILE when the process has too
   * many. fcntl(2), F_DUPFD_CLOEXEC.
   */
  dup (): FileDescriptor {
    return native['file_descriptor.dup'](handleOf(this)) as FileDescriptor
  }

  /**
   * Tells whether this is a socket of that family, type and protocol.
   *
   * False, not an error, for what is no socket. socket(7): SO_DOMAIN, SO_TYPE, SO_PROTOCOL.
   *
   * @param family - What kind of addresses it has.
   * @param type - What it transports; nothing accepts any.
   * @param protocol - What carries it; nothing accepts any.
   */
  isSocket (family: SocketFamily, type?: SocketKind, protocol?: SocketProtocol): boolean {
    return native['file_descriptor.is_socket'](handleOf(this), family, type, protocol) as boolean
  }

  /**
   * Compares the open files behind two descriptors.
   *
   * 0: the same one; 1 and 2: this one sorts before or after; 3: they differ in no order. Linux, where the kernel
   * offers it (ENOSYS, EPERM otherwise). kcmp(2), KCMP_FILE.
   *
   * @param other - The descriptor to compare with.
   */
  kcmp (other: FileDescriptor): number {
    return native['file_descriptor.kcmp'](handleOf(this), other) as number
  }

  /**
   * Opens a file, looked up from this directory on.
   *
   * It controls no terminal and is not inherited by child processes. ENOENT, EACCES, EEXIST, ENOTDIR and others;
   * EXDEV, ELOOP and EAGAIN where a `resolve` flag forbids the way; EINVAL for flags that contradict each other.
   * open(2), openat2(2).
   *
   * A thread of the core does it. Its signal ends it only before a thread has begun.
   *
   * @param path - The way from this directory on; one that begins with / leaves it.
   * @param flags - How; for reading, if they do not say.
   * @param mode - Of a file that is made, less the umask: `create` and `temporary` need it. Not negative.
   * @param options - A signal that ends the wait.
   */
  openat (
    path: PathValue | string | URL | Uint8Array, flags?: readonly OpenatFlag[], mode?: number, options?: OperationOptions
  ): Promise<FileDescriptor> {
    return operate3(native['file_descriptor.openat'], handleOf(this), options, path, flags, mode)
  }

  /**
   * As {@link openat}, and keeps this thread until it is done.
   *
   * @param path - The way from this directory on; one that begins with / leaves it.
   * @param flags - How; for reading, if they do not say.
   * @param mode - Of a file that is made, less the umask: `create` and `temporary` need it. Not negative.
   */
  openatSync (
    path: PathValue | string | URL | Uint8Array, flags?: readonly OpenatFlag[], mode?: number
  ): FileDescriptor {
    return native['file_descriptor.openat:sync'](handleOf(this), path, flags, mode) as FileDescriptor
  }

  /**
   * What programs gain that are executed from this file.
   *
   * As text: "cap_net_raw=ep". ENODATA for a file that has no capabilities, EBADF for one that was opened with
   * `path`. cap_get_fd(3).
   *
   * A thread of the core does it. Ended by its signal, it is abandoned.
   *
   * @param options - A signal that ends the wait.
   */
  capGet (options?: OperationOptions): Promise<string> {
    return operate0(native['file_descriptor.cap_get'], handleOf(this), options)
  }

  /** As {@link capGet}, and keeps this thread until it is done. */
  capGetSync (): string {
    return native['file_descriptor.cap_get:sync'](handleOf(this)) as string
  }

  /**
   * Sets what programs gain that are executed from this file.
   *
   * As text: "cap_net_raw=ep". EPERM without CAP_SETFCAP, EINVAL for a text that is none and for what is no regular
   * file. cap_set_fd(3).
   *
   * A thread of the core does it. Its signal ends it only before a thread has begun.
   *
   * @param caps - What it gives; nothing takes all away, and that it had any.
   * @param options - A signal that ends the wait.
   */
  capSet (caps?: string, options?: OperationOptions): Promise<void> {
    return operate1(native['file_descriptor.cap_set'], handleOf(this), options, caps)
  }

  /**
   * As {@link capSet}, and keeps this thread until it is done.
   *
   * @param caps - What it gives; nothing takes all away, and that it had any.
   */
  capSetSync (caps?: string): void {
    native['file_descriptor.cap_set:sync'](handleOf(this), caps)
  }

  /**
   * Whether O_NONBLOCK is set.
   *
   * The flag belongs to the open file: every process that shares it sees the change. fcntl(2).
   */
  get nonBlocking (): boolean {
    return native['file_descriptor.non_blocking'](handleOf(this)) as boolean
  }

  set nonBlocking (value: boolean) {
    native['file_descriptor.non_blocking='](handleOf(this), value)
  }

  /**
   * What kind of file is open.
   *
   * fstat(2).
   */
  get type (): FileKind {
    return native['file_descriptor.type'](handleOf(this)) as FileKind
  }

  /** As text. */
  override toString (): string {
    return native['file_descriptor.__tostring'](handleOf(this)) as string
  }

  /** {@link close}, at the end of a `using` block. What was handed on is left alone. */
  [Symbol.dispose] (): void {
    this.close()
  }

  /** {@link close}, at the end of an `await using` block. What was handed on is left alone. */
  [Symbol.asyncDispose] (): Promise<void> {
    this[Symbol.dispose]()
    return Promise.resolve()
  }
}

register('file_descriptor', 'file_descriptor', FileDescriptor)
