// SPDX-License-Identifier: MIT OR BSL-1.0
import { checkFields, EmiluaError, invalidArgument, namedError, type OperationOptions } from '@emilua/native'
import { composed } from '@emilua/native/fiber'
import { Address } from './generated/address.js'

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
 *   `EINVAL` that names the argument, or the part of it, `endpoints[1].port`, that is not as described.
 */
export function connect (
  socket: Connectable, endpoints: readonly Endpoint[], condition?: ConnectCondition, options?: OperationOptions
): Promise<Endpoint> {
  return composed(connectToAny(socket, endpoints, condition, options))
}

async function connectToAny (
  socket: Connectable, endpoints: readonly Endpoint[], condition: ConnectCondition | undefined, options: OperationOptions | undefined
): Promise<Endpoint> {
  checkSocket(socket)
  if (!Array.isArray(endpoints)) throw invalidArgument('endpoints', 'Expected a list of what getAddressInfo() gives', endpoints)
  for (const [i, endpoint] of endpoints.entries()) checkEndpoint(endpoint, `endpoints[${i}]`)
  if (condition !== undefined && typeof condition !== 'function') throw invalidArgument('condition', 'Expected a function', condition)
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

const methods = ['open', 'close', 'connect'] as const

function checkSocket (socket: unknown): void {
  const given = socket as Partial<Connectable> | null | undefined
  const good = typeof given === 'object' && given !== null && methods.every(name => typeof given[name] === 'function')
  if (!good) throw invalidArgument('socket', 'Expected a socket of TCP or UDP', socket)
}

function checkEndpoint (endpoint: unknown, at: string): void {
  if (typeof endpoint !== 'object' || endpoint === null || Array.isArray(endpoint)) {
    throw invalidArgument(at, 'Expected an object of address, port, canonicalName', endpoint)
  }
  checkFields(at, endpoint, ['address', 'port', 'canonicalName'])
  const { address, port, canonicalName } = endpoint as Record<string, unknown>
  if (!(address instanceof Address)) throw invalidArgument(`${at}.address`, 'Expected an Address', address)
  if (!Number.isInteger(port) || (port as number) < 0 || (port as number) > 65535) {
    throw invalidArgument(`${at}.port`, 'Expected an integer from 0 to 65535', port)
  }
  if (canonicalName !== undefined && canonicalName !== null && typeof canonicalName !== 'string') {
    throw invalidArgument(`${at}.canonicalName`, 'Expected a string', canonicalName)
  }
}
