// SPDX-License-Identifier: MIT OR BSL-1.0
import type { OperationOptions } from '@emilua/native/fiber'
import type { Closable, ReadStream, WriteStream } from '../streams.js'

/**
 * What `toDuplex` wraps: any stream of bytes, also one that goes in one direction only. What a socket has beside that is used where it is there: the addresses of
 * both ends, `setOption` and `connect`, all as `tcp.Socket` of `@emilua/ip` has them.
 */
export type DuplexSource = (ReadStream | WriteStream) & Closable

/** What a socket has that not every stream has. */
export interface SocketLike {
  readonly isOpen?: boolean
  readonly localAddress?: unknown
  readonly localPort?: number
  readonly remoteAddress?: unknown
  readonly remotePort?: number
  setOption? (option: string, value: unknown): void
  connect? (address: string, port: number, options?: OperationOptions): Promise<void>
}

/** A socket that has paths for addresses. */
export interface PathSocketLike {
  connect? (pathname: string, options?: OperationOptions): Promise<void>
}

/** One end of a connection, as Node spells it. */
export interface EndpointInfo {
  address: string
  family: 'IPv4' | 'IPv6'
  port: number
}

/** @returns one end of `socket`; `null` where it has none, as before it is connected and after it was closed */
export function endpointOf (socket: SocketLike, end: 'local' | 'remote'): EndpointInfo | null {
  try {
    const address = socket[`${end}Address`]
    if (address === undefined || address === null) return null
    const text = String(address)
    return { address: text, family: text.includes(':') ? 'IPv6' : 'IPv4', port: socket[`${end}Port`] ?? 0 }
  } catch {
    return null
  }
}

/** Sets an option that not every kind of stream has. */
export function trySetOption (socket: SocketLike, option: string, value: unknown): void {
  try {
    socket.setOption?.(option, value)
  } catch {
    // as with net.Socket: the connection works without it
  }
}
