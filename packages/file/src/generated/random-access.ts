// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "file"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import type { Path } from '@emilua/filesystem'
import { adopt, EmiluaError, handleOf, NativeObject, natives, operate0, operate1, operate2, operate3, type OperationOptions, register } from '@emilua/native'
import type { FileOpenFlag } from './types.js'

const native = natives('file')

/** A file that is read and written at any place. */
export class RandomAccess extends NativeObject {
  /**
   * Makes a closed file, or one of a descriptor.
   *
   * @param fd - A descriptor that was opened elsewhere. Taken over: closed afterwards, if the call succeeds.
   */
  constructor (fd?: FileDescriptor) {
    super(adopt() ?? native['random_access.new'](fd))
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
    return operate3(native['random_access.open'], handleOf(this), options, path, flags, mode)
  }

  /**
   * As {@link open}, and keeps this thread until it is done.
   *
   * @param path - The file.
   * @param flags - How; for reading, if they do not say.
   * @param mode - Of a file that is made, less the umask: 0666 if it is left out. Not negative.
   */
  openSync (path: Path | string | URL, flags?: readonly FileOpenFlag[], mode?: number): void {
    native['random_access.open:sync'](handleOf(this), path, flags, mode)
  }

  /**
   * Closes the file.
   *
   * Pending operations fail with `ECANCELED`; what the system has done already is delivered. Closing again does
   * nothing. close(2).
   */
  close (): void {
    native['random_access.close'](handleOf(this))
  }

  /**
   * Ends all pending operations of this file.
   *
   * They fail with `ECANCELED`; what the system has done already, or will not give up, is delivered. EBADF when the
   * file is closed.
   */
  cancel (): void {
    native['random_access.cancel'](handleOf(this))
  }

  /**
   * Takes a descriptor that was opened elsewhere.
   *
   * It belongs to this object then, and the given one is closed. `ALREADY_OPEN` when this object is open.
   *
   * @param fd - The descriptor. Taken over: closed afterwards, if the call succeeds.
   */
  assign (fd: FileDescriptor): void {
    native['random_access.assign'](handleOf(this), fd)
  }

  /**
   * Gives the descriptor away.
   *
   * Pending operations fail with `ECANCELED`; this object is closed afterwards and may be assigned to again. EBADF
   * when it is closed.
   */
  release (): FileDescriptor {
    return native['random_access.release'](handleOf(this)) as FileDescriptor
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
    return operate1(native['random_access.resize'], handleOf(this), options, n)
  }

  /**
   * Waits until what was written is on the disk, with all that describes it.
   *
   * Suspends. EIO when something could not be written. fsync(2).
   *
   * @param options - A signal that ends the wait.
   */
  syncAll (options?: OperationOptions): Promise<void> {
    return operate0(native['random_access.sync_all'], handleOf(this), options)
  }

  /**
   * Waits until what was written is on the disk, with what is needed to read it again.
   *
   * Suspends. EIO when something could not be written. fdatasync(2).
   *
   * @param options - A signal that ends the wait.
   */
  syncData (options?: OperationOptions): Promise<void> {
    return operate0(native['random_access.sync_data'], handleOf(this), options)
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
    return operate0(native['random_access.lock'], handleOf(this), options)
  }

  /**
   * Waits for a shared advisory lock of the file.
   *
   * Suspends. Any number of open files may have one, while none has the exclusive lock. See {@link lock}. flock(2).
   *
   * @param options - A signal that ends the wait.
   */
  lockShared (options?: OperationOptions): Promise<void> {
    return operate0(native['random_access.lock_shared'], handleOf(this), options)
  }

  /**
   * Takes the exclusive advisory lock if it is free.
   *
   * Tells whether it did. An own shared lock is lost if it did not. Never suspends. flock(2), LOCK_NB.
   */
  tryLock (): boolean {
    return native['random_access.try_lock'](handleOf(this)) as boolean
  }

  /**
   * Takes a shared advisory lock if there is no exclusive one.
   *
   * Tells whether it did. Never suspends. flock(2), LOCK_NB.
   */
  tryLockShared (): boolean {
    return native['random_access.try_lock_shared'](handleOf(this)) as boolean
  }

  /**
   * Gives the lock back.
   *
   * Does nothing where there is none. Never suspends. flock(2).
   */
  unlock (): void {
    native['random_access.unlock'](handleOf(this))
  }

  /** Whether the file is open. */
  get isOpen (): boolean {
    return native['random_access.is_open'](handleOf(this)) as boolean
  }

  /**
   * The size of the file in bytes.
   *
   * 0 for what has none, such as a FIFO. EBADF when it is closed. fstat(2).
   */
  get size (): number {
    return native['random_access.size'](handleOf(this)) as number
  }

  /**
   * Reads what lies at a place of the file.
   *
   * Suspends if it has to wait for the disk; any number may be under way at the same time. Gives the number of
   * bytes, at least one; 0 for an empty buffer. `EOF` where the file has ended. ESPIPE for what has no places, such
   * as a FIFO. pread(2).
   *
   * @param offset - Where in the file, 0 is its beginning. Not negative.
   * @param buffer - Where the data goes.
   * @param options - A signal that ends the wait.
   */
  readSomeAt (offset: number, buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return operate2(native['random_access.read_some_at'], handleOf(this), options, offset, buffer)
  }

  /**
   * Writes at a place of the file.
   *
   * Suspends if it has to wait for the disk; any number may be under way at the same time. Gives the number of
   * bytes taken, which can be fewer than asked for: see `writeAllAt`. At the end of the file wherever that is, if
   * it was opened with `append`. ENOSPC, EFBIG, ESPIPE. pwrite(2).
   *
   * @param offset - Where in the file, 0 is its beginning. Not negative.
   * @param buffer - The data.
   * @param options - A signal that ends the wait.
   */
  writeSomeAt (offset: number, buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return operate2(native['random_access.write_some_at'], handleOf(this), options, offset, buffer)
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

register('file', 'random_access', RandomAccess)
