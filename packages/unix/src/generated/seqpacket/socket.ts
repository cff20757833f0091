// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "unix"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { type Path } from '@emilua/filesystem'
import { adopt, Direct, direct, EmiluaError, handleOf, NativeObject, natives, operate1, type OperationOptions, register } from '@emilua/native'
import type { IoCommand, MessageFlag, ShutdownType, UnixSeqpacketOption, UnixSeqpacketOptionValues, UnixSeqpacketState, UnixSeqpacketStateValues } from '../types.js'

const native = natives('unix')
const sendWithFdsDirect = new Direct<number>(native, 'seqpacket.socket.send_with_fds', 2, true)
const receiveDirect = new Direct<number>(native, 'seqpacket.socket.receive', 2, false)
const receiveWithFdsDirect = new Direct(native, 'seqpacket.socket.receive_with_fds', 2, false, (size, fds) => ({ size, fds: fds as FileDescriptor[] }))
const sendDirect = new Direct<number>(native, 'seqpacket.socket.send', 2, true)

/**
 * A connection that carries messages. One without bytes and without descriptors is its end (`EOF`): the system
 * tells no difference.
 */
export class Socket extends NativeObject {
  /**
   * Makes a closed one, or one of a descriptor, which is taken as assign does.
   *
   * @param fd - A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
   */
  constructor (fd?: FileDescriptor) {
    super(adopt() ?? native['seqpacket.socket.new'](fd))
  }

  /**
   * Opens it.
   *
   * `ALREADY_OPEN` when it is open. EMFILE when the process has too many descriptors. socket(2).
   */
  open (): void {
    native['seqpacket.socket.open'](handleOf(this))
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
    native['seqpacket.socket.bind'](handleOf(this), pathname)
  }

  /**
   * Closes it.
   *
   * Pending operations fail with `ECANCELED`. Closing again does nothing. Its file stays. close(2).
   */
  close (): void {
    native['seqpacket.socket.close'](handleOf(this))
  }

  /**
   * Ends all its pending operations.
   *
   * They fail with `ECANCELED`; what has succeeded already is delivered. EBADF when it is closed.
   */
  cancel (): void {
    native['seqpacket.socket.cancel'](handleOf(this))
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
    native['seqpacket.socket.assign'](handleOf(this), fd)
  }

  /**
   * Gives the descriptor away.
   *
   * Pending operations fail with `ECANCELED`; this object is closed afterwards and may be opened again. EBADF when
   * it is closed.
   */
  release (): FileDescriptor {
    return native['seqpacket.socket.release'](handleOf(this)) as FileDescriptor
  }

  /** Whether it is open. */
  get isOpen (): boolean {
    return native['seqpacket.socket.is_open'](handleOf(this)) as boolean
  }

  /**
   * Its name: a path, a NUL and an abstract name, or empty.
   *
   * EBADF when it is closed. getsockname(2).
   */
  get localPath (): Path {
    return native['seqpacket.socket.local_path'](handleOf(this)) as Path
  }

  /**
   * Makes two sockets that are connected with each other.
   *
   * They have no names. EMFILE when the process has too many descriptors. socketpair(2).
   */
  static pair (): [Socket, Socket] {
    return native['seqpacket.socket.pair']() as [Socket, Socket]
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
    native['seqpacket.socket.disconnect'](handleOf(this))
  }

  /**
   * Ends one direction of the socket, or both, for every holder of its descriptor.
   *
   * ENOTCONN when it is not connected. shutdown(2).
   *
   * @param what - The directions to end.
   */
  shutdown (what: ShutdownType): void {
    native['seqpacket.socket.shutdown'](handleOf(this), what)
  }

  /**
   * Asks the system about the socket.
   *
   * EBADF, EINVAL. ioctl(2).
   *
   * @param command - What to ask.
   */
  ioControl (command: IoCommand): number {
    return native['seqpacket.socket.io_control'](handleOf(this), command) as number
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
  setOption<K extends UnixSeqpacketOption> (opt: K, val: UnixSeqpacketOptionValues[K]): void {
    native['seqpacket.socket.set_option'](handleOf(this), opt, val)
  }

  /**
   * An option of the socket.
   *
   * getsockopt(2), unix(7).
   *
   * @param opt - The option.
   */
  getOption<K extends UnixSeqpacketState> (opt: K): UnixSeqpacketStateValues[K] {
    return native['seqpacket.socket.get_option'](handleOf(this), opt) as UnixSeqpacketStateValues[K]
  }

  /**
   * The peer's name: a path, a NUL and an abstract name, or empty.
   *
   * ENOTCONN before it is connected, EBADF when it is closed. getpeername(2).
   */
  get remotePath (): Path {
    return native['seqpacket.socket.remote_path'](handleOf(this)) as Path
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
    return operate1(native['seqpacket.socket.connect'], handleOf(this), options, pathname)
  }

  /**
   * Receives a message.
   *
   * Suspends. Gives the number of bytes. EMSGSIZE when the message is longer than the buffer: its front is there,
   * the rest is lost; with the flag "peek" it is no error. recv(2).
   *
   * @param buffer - Where the message goes.
   * @param options - A signal that ends the wait. `flags`: Any of peek.
   */
  receive (
    buffer: Uint8Array, options?: OperationOptions & { flags?: readonly MessageFlag[] | undefined }
  ): Promise<number> {
    return direct(receiveDirect, this, options, buffer, options?.flags)
  }

  /**
   * Receives a message, and the descriptors in it.
   *
   * Suspends. More descriptors than wanted are closed. EMFILE when the process has no room for the wanted ones,
   * EMSGSIZE when the message is longer than the buffer: it is lost then, and no descriptor is kept. They are
   * closed on exec. recvmsg(2), unix(7).
   *
   * @param buffer - Where the message goes.
   * @param maxfds - How many descriptors are wanted at most; a message carries 253. Not negative.
   * @param options - A signal that ends the wait.
   */
  receiveWithFds (
    buffer: Uint8Array, maxfds: number, options?: OperationOptions
  ): Promise<{ size: number, fds: FileDescriptor[] }> {
    return direct(receiveWithFdsDirect, this, options, buffer, maxfds)
  }

  /**
   * Sends a message to the peer.
   *
   * Suspends. A message is sent whole or not at all: EMSGSIZE when it is too long. ECONNREFUSED, ECONNRESET or
   * EPIPE when the peer is gone; never a SIGPIPE. send(2).
   *
   * @param buffer - The message.
   * @param options - A signal that ends the wait. `flags`: Any of end_of_record.
   */
  send (
    buffer: Uint8Array | string, options?: OperationOptions & { flags?: readonly MessageFlag[] | undefined }
  ): Promise<number> {
    return direct(sendDirect, this, options, buffer, options?.flags)
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

register('unix', 'seqpacket.socket', Socket)
