// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "unix"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { type Path } from '@emilua/filesystem'
import { adopt, EmiluaError, handleOf, natives, operate0, operate1, type OperationOptions, register } from '@emilua/native'
import { NativeAcceptor } from '@emilua/stream'
import type { UnixAcceptorOption, WaitType } from '../types.js'
import type { Socket } from './socket.js'

const native = natives('unix')

/** Accepts connections under a name. */
export class Acceptor extends NativeAcceptor<Socket> {
  /**
   * Makes a closed one, or one of a descriptor, which is taken as assign does.
   *
   * @param fd - A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
   */
  constructor (fd?: FileDescriptor) {
    super(adopt() ?? native['stream.acceptor.new'](fd))
  }

  /**
   * Opens it.
   *
   * `ALREADY_OPEN` when it is open. EMFILE when the process has too many descriptors. socket(2).
   */
  open (): void {
    native['stream.acceptor.open'](handleOf(this))
  }

  /**
   * Gives it a name, and makes a file of that name unless it is abstract.
   *
   * Opens what is closed. An empty path lets the system choose an abstract name. EADDRINUSE when there is a file of
   * that name: nothing is ever removed. ENOENT, EACCES, ENAMETOOLONG. bind(2), unix(7).
   *
   * @param pathname - A path, or a NUL and an abstract name; at most 108 bytes.
   */
  bind (pathname: Path | string | URL): void {
    native['stream.acceptor.bind'](handleOf(this), pathname)
  }

  /**
   * Closes it.
   *
   * Pending operations fail with `ECANCELED`. Closing again does nothing. Its file stays. close(2).
   */
  close (): void {
    native['stream.acceptor.close'](handleOf(this))
  }

  /**
   * Ends all its pending operations.
   *
   * They fail with `ECANCELED`; what has succeeded already is delivered. EBADF when it is closed.
   */
  cancel (): void {
    native['stream.acceptor.cancel'](handleOf(this))
  }

  /**
   * Takes a socket that was opened elsewhere.
   *
   * The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when
   * it is none of this kind; `ALREADY_OPEN` when this object is open.
   *
   * @param fd - A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
   */
  assign (fd: FileDescriptor): void {
    native['stream.acceptor.assign'](handleOf(this), fd)
  }

  /**
   * Gives the descriptor away.
   *
   * Pending operations fail with `ECANCELED`; this object is closed afterwards and may be opened again. EBADF when
   * it is closed.
   */
  release (): FileDescriptor {
    return native['stream.acceptor.release'](handleOf(this)) as FileDescriptor
  }

  /** Whether it is open. */
  get isOpen (): boolean {
    return native['stream.acceptor.is_open'](handleOf(this)) as boolean
  }

  /**
   * Its name: a path, a NUL and an abstract name, or empty.
   *
   * EBADF when it is closed. getsockname(2).
   */
  get localPath (): Path {
    return native['stream.acceptor.local_path'](handleOf(this)) as Path
  }

  /**
   * Starts listening.
   *
   * Connections are made from now on, whether or not somebody accepts them. EINVAL before it is bound. listen(2).
   *
   * @param backlog - How many connections may wait to be accepted; nothing means as many as the system allows.
   */
  listen (backlog?: number): void {
    native['stream.acceptor.listen'](handleOf(this), backlog)
  }

  /**
   * Takes the next connection, and waits for one.
   *
   * Suspends. EMFILE when the process has too many descriptors: the connection stays queued. accept(2).
   *
   * @param options - A signal that ends the wait.
   */
  accept (options?: OperationOptions): Promise<Socket> {
    return operate0(native['stream.acceptor.accept'], handleOf(this), options)
  }

  /**
   * Waits until the acceptor is ready.
   *
   * Suspends; consumes nothing. For what must see readiness itself, as socket activation does. poll(2).
   *
   * @param waitType - What to wait for.
   * @param options - A signal that ends the wait.
   */
  wait (waitType: WaitType, options?: OperationOptions): Promise<void> {
    return operate1(native['stream.acceptor.wait'], handleOf(this), options, waitType)
  }

  /**
   * Sets an option of the acceptor.
   *
   * EINVAL for an unknown option; what the system says otherwise. setsockopt(2).
   *
   * @param opt - The option.
   * @param val - Its new value.
   */
  setOption (opt: UnixAcceptorOption, val: boolean): void {
    native['stream.acceptor.set_option'](handleOf(this), opt, val)
  }

  /**
   * An option of the acceptor.
   *
   * getsockopt(2).
   *
   * @param opt - The option.
   */
  getOption (opt: UnixAcceptorOption): boolean {
    return native['stream.acceptor.get_option'](handleOf(this), opt) as boolean
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

register('unix', 'stream.acceptor', Acceptor)
