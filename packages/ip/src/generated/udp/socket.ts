// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "ip"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { adopt, Direct, direct, EmiluaError, handleOf, NativeObject, natives, operate2, type OperationOptions, register } from '@emilua/native'
import type { Address } from '../address.js'
import type { Family, IoCommand, MessageFlag, ShutdownType, UdpSocketOption, UdpSocketOptionValues, UdpSocketState, UdpSocketStateValues } from '../types.js'

const native = natives('ip')
const receiveDirect = new Direct<number>(native, 'udp.socket.receive', 2, false)
const receiveFromDirect = new Direct(native, 'udp.socket.receive_from', 2, false, (size, address, port) => ({ size, address: address as Address, port }))
const sendDirect = new Direct<number>(native, 'udp.socket.send', 2, true)
const sendToDirect = new Direct<number>(native, 'udp.socket.send_to', 4, true)

/** Sends and receives datagrams. */
export class Socket extends NativeObject {
  /** Makes a closed socket. */
  constructor () {
    super(adopt() ?? native['udp.socket.new']())
  }

  /**
   * Opens the socket.
   *
   * `ALREADY_OPEN` when it is open. EMFILE when the process has too many descriptors. socket(2).
   *
   * @param addressFamily - "v4", "v6", or an address of the version that is meant.
   */
  open (addressFamily: Family | Address): void {
    native['udp.socket.open'](handleOf(this), addressFamily)
  }

  /**
   * Binds the socket to an address of this machine.
   *
   * Opens a closed socket with the address's version. EADDRINUSE, EADDRNOTAVAIL, EACCES; EINVAL for text that is no
   * address. bind(2).
   *
   * @param addr - A local address, or its text.
   * @param port - A port; 0 lets the system choose. From 0 to 65535.
   */
  bind (addr: Address | string, port: number): void {
    native['udp.socket.bind'](handleOf(this), addr, port)
  }

  /**
   * Sets the peer that {@link send} sends to and {@link receive} hears.
   *
   * Suspends. Opens a closed socket. Nothing is sent. connect(2).
   *
   * @param addr - The peer's address, or its text.
   * @param port - The peer's port. From 0 to 65535.
   * @param options - A signal that ends the wait.
   */
  connect (addr: Address | string, port: number, options?: OperationOptions): Promise<void> {
    return operate2(native['udp.socket.connect'], handleOf(this), options, addr, port)
  }

  /**
   * Forgets the peer that connect set.
   *
   * Connects to an address of no family (AF_UNSPEC). connect(2).
   */
  disconnect (): void {
    native['udp.socket.disconnect'](handleOf(this))
  }

  /**
   * Receives a datagram.
   *
   * Suspends. Gives the number of bytes. EMSGSIZE when the datagram is longer than the buffer: its front is there,
   * the rest is lost; with the flag "peek" it is no error. ECONNREFUSED when an earlier datagram met nobody there.
   * recv(2).
   *
   * @param buffer - Where the datagram goes.
   * @param options - A signal that ends the wait. `flags`: Any of peek, out_of_band, do_not_route.
   */
  receive (
    buffer: Uint8Array, options?: OperationOptions & { flags?: readonly MessageFlag[] | undefined }
  ): Promise<number> {
    return direct(receiveDirect, this, options, buffer, options?.flags)
  }

  /**
   * Receives a datagram and tells who sent it.
   *
   * Suspends. Gives the number of bytes. EMSGSIZE when the datagram is longer than the buffer: its front is there,
   * the rest is lost; with the flag "peek" it is no error. ECONNREFUSED when an earlier datagram met nobody there.
   * recv(2).
   *
   * @param buffer - Where the datagram goes.
   * @param options - A signal that ends the wait. `flags`: Any of peek, out_of_band, do_not_route.
   */
  receiveFrom (
    buffer: Uint8Array, options?: OperationOptions & { flags?: readonly MessageFlag[] | undefined }
  ): Promise<{ size: number, address: Address, port: number }> {
    return direct(receiveFromDirect, this, options, buffer, options?.flags)
  }

  /**
   * Sends a datagram to the connected peer.
   *
   * EDESTADDRREQ before connect. Suspends. A datagram is sent whole or not at all: EMSGSIZE when it is too long.
   * send(2).
   *
   * @param buffer - The datagram.
   * @param options - A signal that ends the wait. `flags`: Any of do_not_route, end_of_record, out_of_band.
   */
  send (
    buffer: Uint8Array, options?: OperationOptions & { flags?: readonly MessageFlag[] | undefined }
  ): Promise<number> {
    return direct(sendDirect, this, options, buffer, options?.flags)
  }

  /**
   * Sends a datagram to anybody.
   *
   * Suspends. A datagram is sent whole or not at all: EMSGSIZE when it is too long. send(2).
   *
   * @param buffer - The datagram.
   * @param remoteAddr - The receiver's address.
   * @param remotePort - The receiver's port. From 0 to 65535.
   * @param options - A signal that ends the wait. `flags`: Any of do_not_route, end_of_record, out_of_band.
   */
  sendTo (
    buffer: Uint8Array, remoteAddr: Address, remotePort: number, options?: OperationOptions & { flags?: readonly MessageFlag[] | undefined }
  ): Promise<number> {
    return direct(sendToDirect, this, options, buffer, remoteAddr, remotePort, options?.flags)
  }

  /**
   * Ends one direction of the socket, or both, for every holder of its descriptor.
   *
   * Nothing is sent. ENOTCONN when it is not connected. shutdown(2).
   *
   * @param what - The directions to end.
   */
  shutdown (what: ShutdownType): void {
    native['udp.socket.shutdown'](handleOf(this), what)
  }

  /**
   * Closes the socket.
   *
   * Pending operations fail with `ECANCELED`. Closing again does nothing. close(2).
   */
  close (): void {
    native['udp.socket.close'](handleOf(this))
  }

  /**
   * Ends all pending operations of the socket.
   *
   * They fail with `ECANCELED`. EBADF when it is closed.
   */
  cancel (): void {
    native['udp.socket.cancel'](handleOf(this))
  }

  /**
   * Takes a socket that was opened elsewhere.
   *
   * The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when
   * it is none of that version and kind.
   *
   * @param addressFamily - "v4", "v6", or an address of the version that is meant.
   * @param fd - A descriptor of a UDP socket. Taken over: closed afterwards, if the call succeeds.
   */
  assign (addressFamily: Family | Address, fd: FileDescriptor): void {
    native['udp.socket.assign'](handleOf(this), addressFamily, fd)
  }

  /**
   * Gives the descriptor away.
   *
   * Pending operations fail with `ECANCELED`; this object is closed afterwards. EBADF when it is closed.
   */
  release (): FileDescriptor {
    return native['udp.socket.release'](handleOf(this)) as FileDescriptor
  }

  /**
   * Asks the system about the socket.
   *
   * EBADF, EINVAL. ioctl(2).
   *
   * @param command - What to ask.
   */
  ioControl (command: IoCommand): number {
    return native['udp.socket.io_control'](handleOf(this), command) as number
  }

  /**
   * Sets an option of the socket.
   *
   * EINVAL for an unknown option or a value of another kind; what the system says otherwise. setsockopt(2), udp(7),
   * ip(7), ipv6(7).
   *
   * @param opt - The option.
   * @param val - Its new value: a boolean, an integer or an address.
   */
  setOption<K extends UdpSocketOption> (opt: K, val: UdpSocketOptionValues[K]): void {
    native['udp.socket.set_option'](handleOf(this), opt, val)
  }

  /**
   * An option of the socket.
   *
   * A boolean or an integer. getsockopt(2).
   *
   * @param opt - The option.
   */
  getOption<K extends UdpSocketState> (opt: K): UdpSocketStateValues[K] {
    return native['udp.socket.get_option'](handleOf(this), opt) as UdpSocketStateValues[K]
  }

  /** Whether the socket is open. */
  get isOpen (): boolean {
    return native['udp.socket.is_open'](handleOf(this)) as boolean
  }

  /**
   * The address at this end.
   *
   * EBADF when it is closed. getsockname(2).
   */
  get localAddress (): Address {
    return native['udp.socket.local_address'](handleOf(this)) as Address
  }

  /**
   * The port at this end.
   *
   * EBADF when it is closed. getsockname(2).
   */
  get localPort (): number {
    return native['udp.socket.local_port'](handleOf(this)) as number
  }

  /**
   * The connected peer's address.
   *
   * ENOTCONN before it is connected, EBADF when it is closed. getpeername(2).
   */
  get remoteAddress (): Address {
    return native['udp.socket.remote_address'](handleOf(this)) as Address
  }

  /**
   * The connected peer's port.
   *
   * ENOTCONN before it is connected, EBADF when it is closed. getpeername(2).
   */
  get remotePort (): number {
    return native['udp.socket.remote_port'](handleOf(this)) as number
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

register('ip', 'udp.socket', Socket)
