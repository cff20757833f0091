// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "unix"; change that instead.
import type { Path } from '@emilua/filesystem'
import { natives, operate1, type OperationOptions } from '@emilua/native'
import type { Socket } from './datagram/socket.js'

export { Socket } from './datagram/socket.js'

const native = natives('unix')

/**
 * Opens a socket that is connected to a name.
 *
 * Never waits: EAGAIN when as many wait to be accepted as the acceptor allows. ENOENT, ECONNREFUSED, EACCES,
 * EPROTOTYPE for a socket of another kind. connect(2), unix(7).
 *
 * @param ep - A path; text that begins with "@" is an abstract name.
 * @param options - A signal that ends the wait.
 */
export function dial (ep: Path | string | URL, options?: OperationOptions): Promise<Socket> {
  return operate1(native['datagram.dial'], 0, options, ep)
}
