// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "unix"; change that instead.
import type { Path } from '@emilua/filesystem'
import { natives, operate1, type OperationOptions } from '@emilua/native'
import type { Acceptor } from './seqpacket/acceptor.js'
import type { Socket } from './seqpacket/socket.js'

export { Acceptor } from './seqpacket/acceptor.js'
export { Socket } from './seqpacket/socket.js'

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
  return operate1(native['seqpacket.dial'], 0, options, ep)
}

/**
 * Opens an acceptor that listens under a name.
 *
 * EADDRINUSE when there is a file of that name: nothing is ever removed, not by close either. fchmod(2), bind(2),
 * chmod(2), listen(2), in this order.
 *
 * @param ep - A path; text that begins with "@" is an abstract name.
 * @param mode - The permissions of the file, of which 0777 count; nothing leaves them to the umask. Abstract names
 *   have none.
 */
export function listen (ep: Path | string | URL, mode?: number): Acceptor {
  return native['seqpacket.listen'](ep, mode) as Acceptor
}
