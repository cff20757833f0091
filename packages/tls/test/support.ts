// SPDX-License-Identifier: MIT OR BSL-1.0
import type { EmiluaError } from '@emilua/errors'
import { tcp } from '@emilua/ip'
import * as tls from '@emilua/tls'
import type { Identity } from './certificates.js'

export const failure = (promise: Promise<unknown>): Promise<EmiluaError> =>
  promise.then(() => { throw new Error('It did not fail') }, error => error as EmiluaError)

export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

export function serverContext (identity: Identity, method: tls.TlsMethod = 'tls_server'): tls.Context {
  const context = new tls.Context(method)
  context.useCertificateChain(identity.cert)
  context.usePrivateKey(identity.key, 'pem')
  return context
}

export function clientContext (trusted: string, method: tls.TlsMethod = 'tls_client'): tls.Context {
  const context = new tls.Context(method)
  context.addCertificateAuthority(trusted)
  return context
}

export async function tcpPair (): Promise<[tcp.Socket, tcp.Socket]> {
  using acceptor = await tcp.listen('127.0.0.1:0')
  return await Promise.all([tcp.dial(`127.0.0.1:${acceptor.localPort}`), acceptor.accept()])
}
