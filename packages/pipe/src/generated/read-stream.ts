// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "pipe"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { adopt, EmiluaError, handleOf, natives, type OperationOptions, read, readsInto, register } from '@emilua/native'
import { NativeReadStream } from '@emilua/stream'

const native = natives('pipe')

/** The end of a pipe that is read from. */
export class ReadStream extends NativeReadStream {
  /**
   * Makes a closed end, or one of a descriptor, which is taken as `ReadStream.assign` does.
   *
   * @param fd - A descriptor that can be read from. Taken over: closed afterwards, if the call succeeds.
   */
  constructor (fd?: FileDescriptor) {
    super(adopt() ?? native['read_stream.new'](fd))
  }

  /**
   * Reads what has arrived, and waits if nothing has.
   *
   * Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The error `EOF` when the other end is
   * closed and nothing is left. read(2).
   *
   * @param buffer - Where the data goes.
   * @param options - A signal that ends the wait.
   */
  readSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return read(native['read_stream.read_some'], this, options, buffer)
  }

  /**
   * Closes this end.
   *
   * Pending operations fail with `ECANCELED`. Closing again does nothing. close(2).
   */
  close (): void {
    native['read_stream.close'](handleOf(this))
  }

  /**
   * Ends all pending operations of this end.
   *
   * They fail with `ECANCELED`; what has succeeded already is delivered. EBADF when it is closed.
   */
  cancel (): void {
    native['read_stream.cancel'](handleOf(this))
  }

  /**
   * Takes a descriptor that was opened elsewhere.
   *
   * It belongs to this object then, with its flags as they are, and the given one is closed. EINVAL for "fd" when
   * it was not opened for that, EPERM when it is a file, which never makes anybody wait; `ALREADY_OPEN` when this
   * object is open.
   *
   * @param fd - A descriptor that can be read from. Taken over: closed afterwards, if the call succeeds.
   */
  assign (fd: FileDescriptor): void {
    native['read_stream.assign'](handleOf(this), fd)
  }

  /**
   * Gives the descriptor away.
   *
   * Pending operations fail with `ECANCELED`; this object is closed afterwards and may be assigned to again. EBADF
   * when it is closed.
   */
  release (): FileDescriptor {
    return native['read_stream.release'](handleOf(this)) as FileDescriptor
  }

  /** Whether this end is open. */
  get isOpen (): boolean {
    return native['read_stream.is_open'](handleOf(this)) as boolean
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

register('pipe', 'read_stream', ReadStream)
readsInto(ReadStream, native['read_stream.read_some'])
