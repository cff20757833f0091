// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError, invalidArgument, namedError, type OperationOptions } from '@emilua/native'
import type { Address } from './generated/address.js'

/** What {@link connect} needs of a socket. */
export interface Connectable {
  readonly isOpen: boolean
  open (family: Address): void
  close (): void
  connect (address: Address, port: number, options?: OperationOptions): Promise<void>
}

/** Where to connect to. */
export interface Endpoint {
  address: Address
  port: number
}

/**
 * Whether the next endpoint is to be tried.
 *
 * @param lastError - Why the endpoint before did not work; `undefined` before the first attempt.
 */
export type ConnectCondition =
  (lastError: EmiluaError | undefined, address: Address, port: number) => boolean | Promise<boolean>

/**
 * Connects `socket` to the first endpoint that answers, trying one after the other.
 *
 * Suspends. The socket is opened for each endpoint anew and closed before that if it is open.
 *
 * @param socket - A TCP or UDP socket.
 * @param endpoints - What `getAddressInfo()` returned.
 * @param condition - Tells whether an endpoint is to be tried; without it all are.
 * @param options - A signal that ends the wait.
 * @returns The endpoint that the socket is connected to.
 * @throws EmiluaError Why the last endpoint that was tried did not work, or `asioError.misc.notFound` if none was.
 */
export async function connect (
  socket: Connectable, endpoints: readonly Endpoint[], condition?: ConnectCondition, options?: OperationOptions
): Promise<Endpoint> {
  if (!Array.isArray(endpoints)) throw invalidArgument('endpoints', 'Expected what getAddressInfo() returned')
  if (condition !== undefined && typeof condition !== 'function') throw invalidArgument('condition', 'Expected a function')
  let last: EmiluaError | undefined
  for (const { address, port } of endpoints) {
    if (condition !== undefined && !await condition(last, address, port)) continue
    if (socket.isOpen) socket.close()
    try {
      socket.open(address)
      await socket.connect(address, port, options)
      return { address, port }
    } catch (error) {
      if (!(error instanceof EmiluaError)) throw error
      last = error
    }
  }
  throw last ?? namedError('misc', 'notFound')
}
