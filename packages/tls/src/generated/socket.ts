// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "tls"; change that instead.
import { type Address, type tcp } from '@emilua/ip'
import { adopt, EmiluaError, handleOf, natives, operate0, operate1, type OperationOptions, read, readsInto, register } from '@emilua/native'
import { NativeStream } from '@emilua/stream'
import type { Context } from './context.js'
import type { Session } from './session.js'
import type { ShutdownType, TlsVerifyCallback, TlsVerifyMode } from './types.js'

const native = natives('tls')

/** A TLS connection, or one to be. */
export class Socket extends NativeStream {
  /**
   * Makes a socket that speaks TLS over another one.
   *
   * EBADF when that is closed.
   *
   * @param sock - A connected socket. Taken over: closed afterwards, if the call succeeds.
   * @param tlsCtx - How; without it as the system has it: any version, whom the system trusts.
   */
  constructor (sock: tcp.Socket, tlsCtx?: Context) {
    super(adopt() ?? native['socket.new'](sock, tlsCtx))
  }

  /**
   * Begins as a client.
   *
   * Suspends. Fails with category "ssl": code and message say what about the peer's certificate was wrong, or what
   * OpenSSL says. EISCONN when there was one already. CALLED_A_FUNCTION_YOU_SHOULD_NOT_CALL when the context is for
   * the other side only. After a cancellation it can be gone on with.
   *
   * @param options - A signal that ends the wait.
   */
  clientHandshake (options?: OperationOptions): Promise<void> {
    return operate0(native['socket.client_handshake'], handleOf(this), options)
  }

  /**
   * Begins as a server.
   *
   * Suspends. Fails with category "ssl": code and message say what about the peer's certificate was wrong, or what
   * OpenSSL says. EISCONN when there was one already. CALLED_A_FUNCTION_YOU_SHOULD_NOT_CALL when the context is for
   * the other side only. After a cancellation it can be gone on with.
   *
   * @param options - A signal that ends the wait.
   */
  serverHandshake (options?: OperationOptions): Promise<void> {
    return operate0(native['socket.server_handshake'], handleOf(this), options)
  }

  /**
   * Reads what has arrived, and waits if nothing has.
   *
   * Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The end that the peer announced is
   * the error `EOF`; a connection that was cut off is UNEXPECTED_EOF_WHILE_READING of category "ssl". Reading and
   * writing at once is fine. SSL_read(3).
   *
   * @param buffer - Where the data goes.
   * @param options - A signal that ends the wait.
   */
  readSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return read(native['socket.read_some'], this, options, buffer)
  }

  /**
   * Writes as much as fits, and waits if nothing does.
   *
   * Suspends. Gives the number of bytes taken, which can be fewer than asked for: see `writeAll` of
   * `@emilua/stream`. A cancellation that comes in the middle of a record waits for the next operation. EPIPE after
   * `Socket.shutdown`. SSL_write(3).
   *
   * @param buffer - The data.
   * @param options - A signal that ends the wait.
   */
  writeSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return operate1(native['socket.write_some'], handleOf(this), options, buffer)
  }

  /**
   * Ends one direction of the connection, or both.
   *
   * "send" tells the peer (close_notify), and reading goes on. SSL_shutdown(3).
   *
   * @param what - The directions to end.
   */
  shutdown (what: ShutdownType): void {
    native['socket.shutdown'](handleOf(this), what)
  }

  /**
   * Closes the socket.
   *
   * Tells the peer (close_notify), and overwrites the keys. Pending operations fail with `ECANCELED`. Closing again
   * does nothing. Never waits.
   */
  close (): void {
    native['socket.close'](handleOf(this))
  }

  /**
   * Ends all pending operations of the socket.
   *
   * They fail with `ECANCELED`; what has succeeded already is delivered. EBADF when it is closed.
   */
  cancel (): void {
    native['socket.cancel'](handleOf(this))
  }

  /**
   * What the client calls the server (SNI), before the handshake.
   *
   * EBADF when it is closed.
   *
   * @param hostname - A name; an address is not sent.
   */
  setServerName (hostname: string): void {
    native['socket.set_server_name'](handleOf(this), hostname)
  }

  /**
   * Wants the peer's certificate to be that of a host.
   *
   * Counts where the certificate is checked: see `Socket.setVerifyMode`.
   *
   * @param callback - What is checked.
   * @param hostname - A name or an address.
   */
  setVerifyCallback (callback: TlsVerifyCallback, hostname: string): void {
    native['socket.set_verify_callback'](handleOf(this), callback, hostname)
  }

  /**
   * How long the chain of the peer's certificate may be.
   *
   * @param depth - How many authorities may stand between the peer and one that is trusted. From 0 to 1000.
   */
  setVerifyDepth (depth: number): void {
    native['socket.set_verify_depth'](handleOf(this), depth)
  }

  /**
   * Whether the peer's certificate is checked.
   *
   * As the context says until it is set.
   *
   * @param mode - How strict to be.
   */
  setVerifyMode (mode: TlsVerifyMode): void {
    native['socket.set_verify_mode'](handleOf(this), mode)
  }

  /**
   * Begins where an earlier connection ended, if the server still knows it; before the handshake.
   *
   * The certificate of the earlier one is checked again. SSL_set_session(3).
   *
   * @param session - Of an earlier connection to the same server.
   */
  setSession (session: Session): void {
    native['socket.set_session'](handleOf(this), session)
  }

  /**
   * What `Socket.setSession` of the next connection takes; nothing before there is one.
   *
   * A server of TLS 1.3 sends it after the handshake, so it is there once something was read.
   */
  get session (): Session | undefined {
    return native['socket.session'](handleOf(this)) as Session | undefined
  }

  /** Whether the handshake began where an earlier connection ended. */
  get sessionReused (): boolean {
    return native['socket.session_reused'](handleOf(this)) as boolean
  }

  /** What is spoken over the connection, of the names that `Context.setAlpnProtocols` gave; or nothing. */
  get alpnProtocol (): string | undefined {
    return native['socket.alpn_protocol'](handleOf(this)) as string | undefined
  }

  /** The peer's certificate in ASN.1 (DER); nothing if it showed none. */
  get peerCertificate (): Uint8Array | undefined {
    return native['socket.peer_certificate'](handleOf(this)) as Uint8Array | undefined
  }

  /** What the client calls the server; or nothing. */
  get serverName (): string | undefined {
    return native['socket.server_name'](handleOf(this)) as string | undefined
  }

  /** The version: "TLSv1.3"; nothing before the handshake. */
  get protocol (): string | undefined {
    return native['socket.protocol'](handleOf(this)) as string | undefined
  }

  /** The cipher: "TLS_AES_256_GCM_SHA384"; nothing before the handshake. */
  get cipher (): string | undefined {
    return native['socket.cipher'](handleOf(this)) as string | undefined
  }

  /** Whether it is open. */
  get isOpen (): boolean {
    return native['socket.is_open'](handleOf(this)) as boolean
  }

  /**
   * The address on this side.
   *
   * EBADF when it is closed. getsockname(2).
   */
  get localAddress (): Address {
    return native['socket.local_address'](handleOf(this)) as Address
  }

  /**
   * The port on this side.
   *
   * EBADF when it is closed. getsockname(2).
   */
  get localPort (): number {
    return native['socket.local_port'](handleOf(this)) as number
  }

  /**
   * The peer's address.
   *
   * EBADF when it is closed. getpeername(2).
   */
  get remoteAddress (): Address {
    return native['socket.remote_address'](handleOf(this)) as Address
  }

  /**
   * The peer's port.
   *
   * EBADF when it is closed. getpeername(2).
   */
  get remotePort (): number {
    return native['socket.remote_port'](handleOf(this)) as number
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

register('tls', 'socket', Socket)
readsInto(Socket, native['socket.read_some'])
