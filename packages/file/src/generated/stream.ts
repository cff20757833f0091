// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "file"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import type { Path } from '@emilua/filesystem'
import { adopt, Direct, direct, EmiluaError, handleOf, natives, operate0, operate1, operate3, type OperationOptions, register } from '@emilua/native'
import { NativeStream } from '@emilua/stream'
import type { FileOpenFlag, SeekOrigin } from './types.js'

const native = natives('file')
const readSomeDirect = new Direct<number>(native, 'stream.read_some', 1, false)
const writeSomeDirect = new Direct<number>(native, 'stream.write_some', 1, true)

/** A file that is read and written from one end to the other. */
export class Stream extends NativeStream {
  /**
   * Makes a closed file, or one of a descriptor.
   *
   * @param fd - A descriptor that was opened elsewhere. Taken over: closed afterwards, if the call succeeds.
   */
  constructor (fd?: FileDescriptor) {
    super(adopt() ?? native['stream.new'](fd))
  }

  /**
   * Opens a file.
   *
   * Blocks as long as the system does, on a FIFO until somebody opens its other end. ENOENT, EACCES, EEXIST, EISDIR
   * and others; EINVAL for flags that contradict each other; `ALREADY_OPEN`. open(2).
   *
   * A thread of the core does it. Its signal ends it only before a thread has begun.
   *
   * @param path - The file.
   * @param flags - How; for reading, if they do not say.
   * @param mode - Of a file that is made, less the umask: 0666 if it is left out. Not negative.
   * @param options - A signal that ends the wait.
   */
  open (
    path: Path | string | URL, flags?: readonly FileOpenFlag[], mode?: number, options?: OperationOptions
  ): Promise<void> {
    return operate3(native['stream.open'], handleOf(this), options, path, flags, mode)
  }

  /**
   * As {@link open}, and keeps this thread until it is done.
   *
   * @param path - The file.
   * @param flags - How; for reading, if they do not say.
   * @param mode - Of a file that is made, less the umask: 0666 if it is left out. Not negative.
   */
  openSync (path: Path | string | URL, flags?: readonly FileOpenFlag[], mode?: number): void {
    native['stream.open:sync'](handleOf(this), path, flags, mode)
  }

  /**
   * Closes the file.
   *
   * Pending operations fail with `ECANCELED`; what the system has done already is delivered. Closing again does
   * nothing. close(2).
   */
  close (): void {
    native['stream.close'](handleOf(this))
  }

  /**
   * Ends all pending operations of this file.
   *
   * They fail with `ECANCELED`; what the system has done already, or will not give up, is delivered. EBADF when the
   * file is closed.
   */
  cancel (): void {
    native['stream.cancel'](handleOf(this))
  }

  /**
   * Takes a descriptor that was opened elsewhere.
   *
   * It belongs to this object then, and the given one is closed. `ALREADY_OPEN` when this object is open.
   *
   * @param fd - The descriptor. Taken over: closed afterwards, if the call succeeds.
   */
  assign (fd: FileDescriptor): void {
    native['stream.assign'](handleOf(this), fd)
  }

  /**
   * Gives the descriptor away.
   *
   * Pending operations fail with `ECANCELED`; this object is closed afterwards and may be assigned to again. EBADF
   * when it is closed.
   */
  release (): FileDescriptor {
    return native['stream.release'](handleOf(this)) as FileDescriptor
  }

  /**
   * Cuts the file off there, or fills it up with zeros.
   *
   * Suspends, and does not wait for what is pending. EINVAL when it is not open for writing, EFBIG. ftruncate(2).
   *
   * @param n - The size in bytes. Not negative.
   * @param options - A signal that ends the wait.
   */
  resize (n: number, options?: OperationOptions): Promise<void> {
    return operate1(native['stream.resize'], handleOf(this), options, n)
  }

  /**
   * Waits until what was written is on the disk, with all that describes it.
   *
   * Suspends. EIO when something could not be written. fsync(2).
   *
   * @param options - A signal that ends the wait.
   */
  syncAll (options?: OperationOptions): Promise<void> {
    return operate0(native['stream.sync_all'], handleOf(this), options)
  }

  /**
   * Waits until what was written is on the disk, with what is needed to read it again.
   *
   * Suspends. EIO when something could not be written. fdatasync(2).
   *
   * @param options - A signal that ends the wait.
   */
  syncData (options?: OperationOptions): Promise<void> {
    return operate0(native['stream.sync_data'], handleOf(this), options)
  }

  /**
   * Waits for the exclusive advisory lock of the file.
   *
   * Suspends. The lock belongs to the open file: descriptors made by `FileDescriptor.dup` of
   * `@emilua/file-descriptor` share it, a file that is opened twice has two. A shared lock that this one has is
   * given up first. Nobody has it when the wait was canceled. flock(2).
   *
   * @param options - A signal that ends the wait.
   */
  lock (options?: OperationOptions): Promise<void> {
    return operate0(native['stream.lock'], handleOf(this), options)
  }

  /**
   * Waits for a shared advisory lock of the file.
   *
   * Suspends. Any number of open files may have one, while none has the exclusive lock. See {@link lock}. flock(2).
   *
   * @param options - A signal that ends the wait.
   */
  lockShared (options?: OperationOptions): Promise<void> {
    return operate0(native['stream.lock_shared'], handleOf(this), options)
  }

  /**
   * Takes the exclusive advisory lock if it is free.
   *
   * Tells whether it did. An own shared lock is lost if it did not. Never suspends. flock(2), LOCK_NB.
   */
  tryLock (): boolean {
    return native['stream.try_lock'](handleOf(this)) as boolean
  }

  /**
   * Takes a shared advisory lock if there is no exclusive one.
   *
   * Tells whether it did. Never suspends. flock(2), LOCK_NB.
   */
  tryLockShared (): boolean {
    return native['stream.try_lock_shared'](handleOf(this)) as boolean
  }

  /**
   * Gives the lock back.
   *
   * Does nothing where there is none. Never suspends. flock(2).
   */
  unlock (): void {
    native['stream.unlock'](handleOf(this))
  }

  /** Whether the file is open. */
  get isOpen (): boolean {
    return native['stream.is_open'](handleOf(this)) as boolean
  }

  /**
   * The size of the file in bytes.
   *
   * 0 for what has none, such as a FIFO. EBADF when it is closed. fstat(2).
   */
  get size (): number {
    return native['stream.size'](handleOf(this)) as number
  }

  /**
   * Sets the position, where reading and writing go on.
   *
   * Gives it, from the beginning of the file. EINVAL for one before that, ESPIPE for what has no position, such as
   * a FIFO. lseek(2).
   *
   * @param offset - How far from there, in bytes.
   * @param whence - From where on.
   */
  seek (offset: number, whence: SeekOrigin): number {
    return native['stream.seek'](handleOf(this), offset, whence) as number
  }

  /**
   * Reads what lies at the position, and moves it on.
   *
   * Suspends if it has to wait; what is asked for meanwhile comes after it. Gives the number of bytes, at least
   * one; 0 for an empty buffer. `EOF` at the end of the file. read(2).
   *
   * @param buffer - Where the data goes.
   * @param options - A signal that ends the wait.
   */
  readSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return direct(readSomeDirect, this, options, buffer)
  }

  /**
   * Writes at the position, and moves it on.
   *
   * Suspends if it has to wait; what is asked for meanwhile comes after it. Gives the number of bytes taken, which
   * can be fewer than asked for: see `writeAll` of `@emilua/stream`. ENOSPC, EFBIG. write(2).
   *
   * @param buffer - The data.
   * @param options - A signal that ends the wait.
   */
  writeSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return direct(writeSomeDirect, this, options, buffer)
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

register('file', 'stream', Stream)
