// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "ip"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { adopt, EmiluaError, handleOf, natives, operate1, operate2, type OperationOptions, read, readsInto, register } from '@emilua/native'
import { NativeStream } from '@emilua/stream'
import type { Address } from '../address.js'
import type { Family, IoCommand, MessageFlag, ShutdownType, TcpSocketOption, TcpSocketOptionValues, WaitType } from '../types.js'

const native = natives('ip')

/** A TCP connection, or one to be. */
export class Socket extends NativeStream {
  /** Makes a closed socket. */
  constructor () {
    super(adopt() ?? native['tcp.socket.new']())
  }

  /**
   * Opens the socket.
   *
   * `ALREADY_OPEN` when it is open. EMFILE when the process has too many descriptors. socket(2).
   *
   * @param addressFamily - "v4", "v6", or an address of the version that is meant.
   */
  open (addressFamily: Family | Address): void {
    native['tcp.socket.open'](handleOf(this), addressFamily)
  }

  /**
   * Binds the socket to an address of this machine.
   *
   * Opens what is closed with the address's version. Port 0 lets the system choose. EADDRINUSE, EADDRNOTAVAIL,
   * EACCES; EINVAL for text that is no address. bind(2).
   *
   * @param addr - A local address, or its text.
   * @param port - A port; 0 lets the system choose. From 0 to 65535.
   */
  bind (addr: Address | string, port: number): void {
    native['tcp.socket.bind'](handleOf(this), addr, port)
  }

  /**
   * Connects to a peer.
   *
   * Suspends. A closed socket is opened with the address's version first. ECONNREFUSED, ETIMEDOUT, ENETUNREACH,
   * EISCONN. After a failure or a cancellation close it before you try again. connect(2).
   *
   * @param addr - The peer's address, or its text.
   * @param port - The peer's port. From 0 to 65535.
   * @param options - A signal that ends the wait.
   */
  connect (addr: Address | string, port: number, options?: OperationOptions): Promise<void> {
    return operate2(native['tcp.socket.connect'], handleOf(this), options, addr, port)
  }

  /**
   * Dissolves the connection and keeps the socket.
   *
   * Connects to an address of no family (AF_UNSPEC): the peer sees a reset. connect(2).
   */
  disconnect (): void {
    native['tcp.socket.disconnect'](handleOf(this))
  }

  /**
   * Reads what has arrived, and waits if nothing has.
   *
   * Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The end of the stream is the error
   * `EOF`. ECONNRESET when the peer reset the connection. recv(2).
   *
   * @param buffer - Where the data goes.
   * @param options - A signal that ends the wait.
   */
  readSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return read(native['tcp.socket.read_some'], this, options, buffer)
  }

  /**
   * Writes as much as fits, and waits if nothing does.
   *
   * Suspends. Gives the number of bytes taken, which can be fewer than asked for: see `writeAll` of
   * `@emilua/stream`. EPIPE or ECONNRESET when the peer is gone; never a SIGPIPE. send(2).
   *
   * @param buffer - The data.
   * @param options - A signal that ends the wait.
   */
  writeSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return operate1(native['tcp.socket.write_some'], handleOf(this), options, buffer)
  }

  /**
   * Reads with flags.
   *
   * Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The end of the stream is the error
   * `EOF`. ECONNRESET when the peer reset the connection. recv(2).
   *
   * @param buffer - Where the data goes.
   * @param options - A signal that ends the wait. `flags`: Any of peek, out_of_band, do_not_route.
   */
  receive (
    buffer: Uint8Array, options?: OperationOptions & { flags?: readonly MessageFlag[] | undefined }
  ): Promise<number> {
    return operate2(native['tcp.socket.receive'], handleOf(this), options, buffer, options?.flags)
  }

  /**
   * Writes with flags.
   *
   * Suspends. Gives the number of bytes taken, which can be fewer than asked for: see `writeAll` of
   * `@emilua/stream`. EPIPE or ECONNRESET when the peer is gone; never a SIGPIPE. send(2).
   *
   * @param buffer - The data.
   * @param options - A signal that ends the wait. `flags`: Any of out_of_band, do_not_route, end_of_record.
   */
  send (
    buffer: Uint8Array, options?: OperationOptions & { flags?: readonly MessageFlag[] | undefined }
  ): Promise<number> {
    return operate2(native['tcp.socket.send'], handleOf(this), options, buffer, options?.flags)
  }

  /**
   * Waits until the socket is ready.
   *
   * Suspends; consumes nothing. For what must see readiness itself, as socket activation does: read and write where
   * data is meant. poll(2).
   *
   * @param waitType - What to wait for.
   * @param options - A signal that ends the wait.
   */
  wait (waitType: WaitType, options?: OperationOptions): Promise<void> {
    return operate1(native['tcp.socket.wait'], handleOf(this), options, waitType)
  }

  /**
   * Ends one direction of the connection, or both.
   *
   * ENOTCONN when it is not connected. shutdown(2).
   *
   * @param what - The directions to end.
   */
  shutdown (what: ShutdownType): void {
    native['tcp.socket.shutdown'](handleOf(this), what)
  }

  /**
   * Closes the socket.
   *
   * Pending operations fail with `ECANCELED`. Closing again does nothing. Never waits: with "linger" the system
   * goes on sending by itself, and a timeout of 0 resets the connection. close(2).
   */
  close (): void {
    native['tcp.socket.close'](handleOf(this))
  }

  /**
   * Ends all pending operations of the socket.
   *
   * They fail with `ECANCELED`; what has succeeded already is delivered. EBADF when it is closed.
   */
  cancel (): void {
    native['tcp.socket.cancel'](handleOf(this))
  }

  /**
   * Takes a socket that was opened elsewhere.
   *
   * The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when
   * it is none of that version and kind; `ALREADY_OPEN` when this object is open.
   *
   * @param addressFamily - "v4", "v6", or an address of the version that is meant.
   * @param fd - A descriptor of a TCP socket. Taken over: closed afterwards, if the call succeeds.
   */
  assign (addressFamily: Family | Address, fd: FileDescriptor): void {
    native['tcp.socket.assign'](handleOf(this), addressFamily, fd)
  }

  /**
   * Gives the descriptor away.
   *
   * Pending operations fail with `ECANCELED`; this object is closed afterwards and may be opened again. EBADF when
   * it is closed.
   */
  release (): FileDescriptor {
    return native['tcp.socket.release'](handleOf(this)) as FileDescriptor
  }

  /**
   * Asks the system about the socket.
   *
   * EBADF, EINVAL. ioctl(2).
   *
   * @param command - What to ask.
   */
  ioControl (command: IoCommand): number {
    return native['tcp.socket.io_control'](handleOf(this), command) as number
  }

  /**
   * Sets an option of the socket.
   *
   * EINVAL for an unknown option or a value of another kind; what the system says otherwise. setsockopt(2), tcp(7),
   * socket(7).
   *
   * @param opt - The option.
   * @param val - Its new value.
   */
  setOption<K extends TcpSocketOption> (opt: K, val: TcpSocketOptionValues[K]): void {
    native['tcp.socket.set_option'](handleOf(this), opt, val)
  }

  /**
   * An option of the socket.
   *
   * A boolean, an integer or, for "linger", { enabled, timeout }. getsockopt(2).
   *
   * @param opt - The option.
   */
  getOption<K extends TcpSocketOption> (opt: K): TcpSocketOptionValues[K] {
    return native['tcp.socket.get_option'](handleOf(this), opt) as TcpSocketOptionValues[K]
  }

  /** Whether the socket is open. */
  get isOpen (): boolean {
    return native['tcp.socket.is_open'](handleOf(this)) as boolean
  }

  /**
   * The address at this end.
   *
   * EBADF when it is closed. getsockname(2).
   */
  get localAddress (): Address {
    return native['tcp.socket.local_address'](handleOf(this)) as Address
  }

  /**
   * The port at this end.
   *
   * EBADF when it is closed. getsockname(2).
   */
  get localPort (): number {
    return native['tcp.socket.local_port'](handleOf(this)) as number
  }

  /**
   * The peer's address.
   *
   * ENOTCONN before it is connected, EBADF when it is closed. getpeername(2).
   */
  get remoteAddress (): Address {
    return native['tcp.socket.remote_address'](handleOf(this)) as Address
  }

  /**
   * The peer's port.
   *
   * ENOTCONN before it is connected, EBADF when it is closed. getpeername(2).
   */
  get remotePort (): number {
    return native['tcp.socket.remote_port'](handleOf(this)) as number
  }

  /**
   * Whether the next byte to read is at the urgent mark.
   *
   * Needs the option "out_of_band_inline" and {@link wait}. sockatmark(3).
   */
  get atMark (): boolean {
    return native['tcp.socket.at_mark'](handleOf(this)) as boolean
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

register('ip', 'tcp.socket', Socket)
readsInto(Socket, native['tcp.socket.read_some'])
