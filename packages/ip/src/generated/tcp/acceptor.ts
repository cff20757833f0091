// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "ip"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { adopt, EmiluaError, handleOf, natives, operate0, operate1, type OperationOptions, register } from '@emilua/native'
import { NativeAcceptor } from '@emilua/stream'
import type { Address } from '../address.js'
import type { Family, TcpAcceptorOption, WaitType } from '../types.js'
import type { Socket } from './socket.js'

const native = natives('ip')

/** Accepts TCP connections. */
export class Acceptor extends NativeAcceptor<Socket> {
  /** Makes a closed acceptor. */
  constructor () {
    super(adopt() ?? native['tcp.acceptor.new']())
  }

  /**
   * Opens the acceptor.
   *
   * `ALREADY_OPEN` when it is open. EMFILE when the process has too many descriptors. socket(2).
   *
   * @param addressFamily - "v4", "v6", or an address of the version that is meant.
   */
  open (addressFamily: Family | Address): void {
    native['tcp.acceptor.open'](handleOf(this), addressFamily)
  }

  /**
   * Binds the acceptor to an address of this machine.
   *
   * Opens what is closed with the address's version. Port 0 lets the system choose. EADDRINUSE, EADDRNOTAVAIL,
   * EACCES; EINVAL for text that is no address. bind(2).
   *
   * @param addr - A local address, or its text.
   * @param port - A port; 0 lets the system choose. From 0 to 65535.
   */
  bind (addr: Address | string, port: number): void {
    native['tcp.acceptor.bind'](handleOf(this), addr, port)
  }

  /**
   * Starts listening.
   *
   * Connections are made from now on, whether or not somebody accepts them. EADDRINUSE. listen(2).
   *
   * @param backlog - How many connections may wait to be accepted; nothing means as many as the system allows.
   */
  listen (backlog?: number): void {
    native['tcp.acceptor.listen'](handleOf(this), backlog)
  }

  /**
   * Takes the next connection, and waits for one.
   *
   * Suspends. EMFILE when the process has too many descriptors: the connection stays queued. accept(2).
   *
   * @param options - A signal that ends the wait.
   */
  accept (options?: OperationOptions): Promise<Socket> {
    return operate0(native['tcp.acceptor.accept'], handleOf(this), options)
  }

  /**
   * Waits until the acceptor is ready.
   *
   * Suspends; consumes nothing. For what must see readiness itself, as socket activation does: read and write where
   * data is meant. poll(2).
   *
   * @param waitType - What to wait for.
   * @param options - A signal that ends the wait.
   */
  wait (waitType: WaitType, options?: OperationOptions): Promise<void> {
    return operate1(native['tcp.acceptor.wait'], handleOf(this), options, waitType)
  }

  /**
   * Closes the acceptor.
   *
   * Pending operations fail with `ECANCELED`. Closing again does nothing. Never waits: with "linger" the system
   * goes on sending by itself, and a timeout of 0 resets the connection. close(2).
   */
  close (): void {
    native['tcp.acceptor.close'](handleOf(this))
  }

  /**
   * Ends all pending operations of the acceptor.
   *
   * They fail with `ECANCELED`; what has succeeded already is delivered. EBADF when it is closed.
   */
  cancel (): void {
    native['tcp.acceptor.cancel'](handleOf(this))
  }

  /**
   * Takes an acceptor that was opened elsewhere.
   *
   * The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when
   * it is none of that version and kind; `ALREADY_OPEN` when this object is open.
   *
   * @param addressFamily - "v4", "v6", or an address of the version that is meant.
   * @param fd - A descriptor of a listening TCP socket. Taken over: closed afterwards, if the call succeeds.
   */
  assign (addressFamily: Family | Address, fd: FileDescriptor): void {
    native['tcp.acceptor.assign'](handleOf(this), addressFamily, fd)
  }

  /**
   * Gives the descriptor away.
   *
   * Pending operations fail with `ECANCELED`; this object is closed afterwards and may be opened again. EBADF when
   * it is closed.
   */
  release (): FileDescriptor {
    return native['tcp.acceptor.release'](handleOf(this)) as FileDescriptor
  }

  /**
   * Sets an option of the acceptor.
   *
   * EINVAL for an unknown option; what the system says otherwise. setsockopt(2).
   *
   * @param opt - The option.
   * @param val - Its new value.
   */
  setOption (opt: TcpAcceptorOption, val: boolean): void {
    native['tcp.acceptor.set_option'](handleOf(this), opt, val)
  }

  /**
   * An option of the acceptor.
   *
   * getsockopt(2).
   *
   * @param opt - The option.
   */
  getOption (opt: TcpAcceptorOption): boolean {
    return native['tcp.acceptor.get_option'](handleOf(this), opt) as boolean
  }

  /** Whether the acceptor is open. */
  get isOpen (): boolean {
    return native['tcp.acceptor.is_open'](handleOf(this)) as boolean
  }

  /**
   * The address that it listens at.
   *
   * EBADF when it is closed. getsockname(2).
   */
  get localAddress (): Address {
    return native['tcp.acceptor.local_address'](handleOf(this)) as Address
  }

  /**
   * The port that it listens at.
   *
   * EBADF when it is closed. getsockname(2).
   */
  get localPort (): number {
    return native['tcp.acceptor.local_port'](handleOf(this)) as number
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

register('ip', 'tcp.acceptor', Acceptor)
