// SPDX-License-Identifier: MIT OR BSL-1.0
import { tcp } from '@emilua/ip'
import { invalidArgument, type OperationOptions } from '@emilua/native'
import { Context } from './context.js'
import { Socket } from './generated/socket.js'

/**
 * Connects to a server by its name, and checks that it is that one.
 *
 * Suspends. `tcp.dial`, without delay (`tcp_no_delay`), then a handshake as a client that sends the name of the host,
 * checks the certificate and wants it to be of that host, whatever the context says. Nothing stays open when it fails.
 *
 * @param ep - `host:port` or `host:service`; `[…]:port` for an address of IPv6.
 * @param tlsCtx - How; without it as the system has it: any version, whom the system trusts.
 * @param options - A signal that ends the wait.
 * @throws EmiluaError What `tcp.dial` and `clientHandshake` throw. `EINVAL` that names the argument at fault.
 */
export async function dial (ep: string, tlsCtx?: Context, options?: OperationOptions): Promise<Socket> {
  if (tlsCtx !== undefined && !(tlsCtx instanceof Context)) throw invalidArgument('tlsCtx', 'Expected a Context', tlsCtx)
  const connection = await tcp.dial(ep, options)
  connection.setOption('tcp_no_delay', true)
  const socket = new Socket(connection, tlsCtx)
  try {
    const host = hostOf(ep)
    socket.setServerName(host)
    socket.setVerifyMode('peer')
    socket.setVerifyCallback('host_name_verification', host)
    await socket.clientHandshake(options)
    return socket
  } catch (error) {
    socket.close()
    throw error
  }
}

function hostOf (ep: string): string {
  const host = ep.slice(0, ep.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1')
  return host === '' ? 'localhost' : host
}
