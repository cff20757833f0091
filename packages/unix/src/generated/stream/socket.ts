// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "unix"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { type Path } from '@emilua/filesystem'
import { adopt, Direct, direct, EmiluaError, handleOf, natives, operate1, type OperationOptions, read, readsInto, register } from '@emilua/native'
import { NativeStream } from '@emilua/stream'
import type { IoCommand, ShutdownType, UnixStreamOption, UnixStreamOptionValues, UnixStreamState, UnixStreamStateValues } from '../types.js'

const native = natives('unix')
const sendWithFdsDirect = new Direct<number>(native, 'stream.socket.send_with_fds', 2, true)
const receiveWithFdsDirect = new Direct(native, 'stream.socket.receive_with_fds', 2, false, (size, fds) => ({ size, fds: fds as FileDescriptor[] }))

/** A connection that carries bytes. */
export class Socket extends NativeStream {
  /**
   * Makes a closed one, or one of a descriptor, which is taken as assign does.
   *
   * @param fd - A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
   */
  constructor (fd?: FileDescriptor) {
    super(adopt() ?? native['stream.socket.new'](fd))
  }

  /**
   * Opens it.
   *
   * `ALREADY_OPEN` when it is open. EMFILE when the process has too many descriptors. socket(2).
   */
  open (): void {
    native['stream.socket.open'](handleOf(this))
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
    native['stream.socket.bind'](handleOf(this), pathname)
  }

  /**
   * Closes it.
   *
   * Pending operations fail with `ECANCELED`. Closing again does nothing. Its file stays. close(2).
   */
  close (): void {
    native['stream.socket.close'](handleOf(this))
  }

  /**
   * Ends all its pending operations.
   *
   * They fail with `ECANCELED`; what has succeeded already is delivered. EBADF when it is closed.
   */
  cancel (): void {
    native['stream.socket.cancel'](handleOf(this))
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
    native['stream.socket.assign'](handleOf(this), fd)
  }

  /**
   * Gives the descriptor away.
   *
   * Pending operations fail with `ECANCELED`; this object is closed afterwards and may be opened again. EBADF when
   * it is closed.
   */
  release (): FileDescriptor {
    return native['stream.socket.release'](handleOf(this)) as FileDescriptor
  }

  /** Whether it is open. */
  get isOpen (): boolean {
    return native['stream.socket.is_open'](handleOf(this)) as boolean
  }

  /**
   * Its name: a path, a NUL and an abstract name, or empty.
   *
   * EBADF when it is closed. getsockname(2).
   */
  get localPath (): Path {
    return native['stream.socket.local_path'](handleOf(this)) as Path
  }

  /**
   * Makes two sockets that are connected with each other.
   *
   * They have no names. EMFILE when the process has too many descriptors. socketpair(2).
   */
  static pair (): [Socket, Socket] {
    return native['stream.socket.pair']() as [Socket, Socket]
  }

  /**
   * Sends data and descriptors to the peer.
   *
   * Suspends. The receiver gets copies: those of the sender stay open, whether or not it succeeds, and may be
   * closed before it does. EINVAL for more than 253, EBADF for a closed one, ETOOMANYREFS when too many are on
   * their way. sendmsg(2), unix(7).
   *
   * @param buffer - The data.
   * @param fds - At most 253 descriptors.
   * @param options - A signal that ends the wait.
   */
  sendWithFds (
    buffer: Uint8Array | string, fds: readonly FileDescriptor[], options?: OperationOptions
  ): Promise<number> {
    return direct(sendWithFdsDirect, this, options, buffer, fds)
  }

  /**
   * Forgets the peer.
   *
   * Connects to an address of no family (AF_UNSPEC). EINVAL for a kind that cannot. connect(2).
   */
  disconnect (): void {
    native['stream.socket.disconnect'](handleOf(this))
  }

  /**
   * Ends one direction of the socket, or both, for every holder of its descriptor.
   *
   * ENOTCONN when it is not connected. shutdown(2).
   *
   * @param what - The directions to end.
   */
  shutdown (what: ShutdownType): void {
    native['stream.socket.shutdown'](handleOf(this), what)
  }

  /**
   * Asks the system about the socket.
   *
   * EBADF, EINVAL. ioctl(2).
   *
   * @param command - What to ask.
   */
  ioControl (command: IoCommand): number {
    return native['stream.socket.io_control'](handleOf(this), command) as number
  }

  /**
   * Sets an option of the socket.
   *
   * EINVAL for an unknown option or a value of another kind; what the system says otherwise. setsockopt(2),
   * socket(7).
   *
   * @param opt - The option.
   * @param val - Its new value.
   */
  setOption<K extends UnixStreamOption> (opt: K, val: UnixStreamOptionValues[K]): void {
    native['stream.socket.set_option'](handleOf(this), opt, val)
  }

  /**
   * An option of the socket.
   *
   * getsockopt(2), unix(7).
   *
   * @param opt - The option.
   */
  getOption<K extends UnixStreamState> (opt: K): UnixStreamStateValues[K] {
    return native['stream.socket.get_option'](handleOf(this), opt) as UnixStreamStateValues[K]
  }

  /**
   * The peer's name: a path, a NUL and an abstract name, or empty.
   *
   * ENOTCONN before it is connected, EBADF when it is closed. getpeername(2).
   */
  get remotePath (): Path {
    return native['stream.socket.remote_path'](handleOf(this)) as Path
  }

  /**
   * Connects to whoever listens under a name.
   *
   * Opens what is closed. Never waits: EAGAIN when as many wait to be accepted as the acceptor allows. ENOENT,
   * ECONNREFUSED, EACCES, EPROTOTYPE for an acceptor of another kind, EISCONN. connect(2), unix(7).
   *
   * @param pathname - A path, or a NUL and an abstract name; at most 108 bytes.
   * @param options - A signal that ends the wait.
   */
  connect (pathname: Path | string | URL, options?: OperationOptions): Promise<void> {
    return operate1(native['stream.socket.connect'], handleOf(this), options, pathname)
  }

  /**
   * Reads what has arrived, and waits if nothing has.
   *
   * Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The end of the stream is the error
   * `EOF`. Descriptors among the bytes are closed. ECONNRESET when the peer closed before it had read everything.
   * recv(2).
   *
   * @param buffer - Where the data goes.
   * @param options - A signal that ends the wait.
   */
  readSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return read(native['stream.socket.read_some'], this, options, buffer)
  }

  /**
   * Writes as much as fits, and waits if nothing does.
   *
   * Suspends. Gives the number of bytes taken, which can be fewer than asked for: see `writeAll` of
   * `@emilua/stream`. EPIPE when the peer is gone; never a SIGPIPE. send(2).
   *
   * @param buffer - The data.
   * @param options - A signal that ends the wait.
   */
  writeSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return operate1(native['stream.socket.write_some'], handleOf(this), options, buffer)
  }

  /**
   * Reads what has arrived, and the descriptors in it, and waits if nothing has.
   *
   * Suspends. Gives at least one byte unless the buffer is empty, and no more behind the first that descriptors
   * came with. The end of the stream is the error `EOF`. More descriptors than wanted are closed. EMFILE when the
   * process has no room for the wanted ones: the bytes are lost then. They are closed on exec. recvmsg(2), unix(7).
   *
   * @param buffer - Where the data goes.
   * @param maxfds - How many descriptors are wanted at most; a message carries 253. Not negative.
   * @param options - A signal that ends the wait.
   */
  receiveWithFds (
    buffer: Uint8Array, maxfds: number, options?: OperationOptions
  ): Promise<{ size: number, fds: FileDescriptor[] }> {
    return direct(receiveWithFdsDirect, this, options, buffer, maxfds)
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

register('unix', 'stream.socket', Socket)
readsInto(Socket, native['stream.socket.read_some'])
