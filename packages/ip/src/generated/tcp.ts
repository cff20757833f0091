// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "ip"; change that instead.
import { natives, operate1, operate2, operate3, type OperationOptions } from '@emilua/native'
import type { Address } from './address.js'
import type { Acceptor } from './tcp/acceptor.js'
import type { Socket } from './tcp/socket.js'
import type { AddressInfo, NameInfo, ResolverFlag } from './types.js'

export { Acceptor } from './tcp/acceptor.js'
export { Socket } from './tcp/socket.js'

const native = natives('ip')

/**
 * Finds the addresses of a host and the port of a service.
 *
 * Suspends. An address or a numeric name of the host is never looked up, nor is a numeric service; if both are
 * numbers nobody is asked at all. Without flags: address_configured and v4_mapped. What the system's resolver
 * cannot interrupt goes on behind the scenes after a cancellation. Errors of getaddrinfo(3) come in the categories
 * netdb and addrinfo (`HOST_NOT_FOUND`, `SERVICE_NOT_FOUND`).
 *
 * @param host - A name, or an address.
 * @param service - A name such as "http", or a port.
 * @param options - A signal that ends the wait. `flags`: Nothing means address_configured and v4_mapped.
 */
export function getAddressInfo (
  host: Address | string, service: number | string, options?: OperationOptions & { flags?: readonly ResolverFlag[] | undefined }
): Promise<AddressInfo[]> {
  return operate3(native['tcp.get_address_info'], 0, options, host, service, options?.flags)
}

/**
 * Finds the IPv4 addresses of a host and the port of a service.
 *
 * Suspends. An address or a numeric name of the host is never looked up, nor is a numeric service; if both are
 * numbers nobody is asked at all. Without flags: address_configured and v4_mapped. What the system's resolver
 * cannot interrupt goes on behind the scenes after a cancellation. Errors of getaddrinfo(3) come in the categories
 * netdb and addrinfo (`HOST_NOT_FOUND`, `SERVICE_NOT_FOUND`).
 *
 * @param host - A name, or an address.
 * @param service - A name such as "http", or a port.
 * @param options - A signal that ends the wait. `flags`: Nothing means address_configured and v4_mapped.
 */
export function getAddressV4Info (
  host: Address | string, service: number | string, options?: OperationOptions & { flags?: readonly ResolverFlag[] | undefined }
): Promise<AddressInfo[]> {
  return operate3(native['tcp.get_address_v4_info'], 0, options, host, service, options?.flags)
}

/**
 * Finds the IPv6 addresses of a host and the port of a service.
 *
 * Suspends. An address or a numeric name of the host is never looked up, nor is a numeric service; if both are
 * numbers nobody is asked at all. Without flags: address_configured and v4_mapped. What the system's resolver
 * cannot interrupt goes on behind the scenes after a cancellation. Errors of getaddrinfo(3) come in the categories
 * netdb and addrinfo (`HOST_NOT_FOUND`, `SERVICE_NOT_FOUND`).
 *
 * @param host - A name, or an address.
 * @param service - A name such as "http", or a port.
 * @param options - A signal that ends the wait. `flags`: Nothing means address_configured and v4_mapped.
 */
export function getAddressV6Info (
  host: Address | string, service: number | string, options?: OperationOptions & { flags?: readonly ResolverFlag[] | undefined }
): Promise<AddressInfo[]> {
  return operate3(native['tcp.get_address_v6_info'], 0, options, host, service, options?.flags)
}

/**
 * Finds the names of a host and of a service.
 *
 * Suspends. An address without a name comes back as its text, a port without one as its number. getnameinfo(3).
 *
 * @param a - The address.
 * @param port - The port. From 0 to 65535.
 * @param options - A signal that ends the wait.
 */
export function getNameInfo (a: Address, port: number, options?: OperationOptions): Promise<NameInfo[]> {
  return operate2(native['tcp.get_name_info'], 0, options, a, port)
}

/**
 * Connects to a service by name.
 *
 * Suspends. Resolves the host and the service and tries what was found one after the other; fails as the last
 * attempt did. EINVAL when `ep` has no service or an IPv6 address outside brackets.
 *
 * @param ep - "host:service", "192.0.2.1:80" or "[::1]:80".
 * @param options - A signal that ends the wait.
 */
export function dial (ep: string, options?: OperationOptions): Promise<Socket> {
  return operate1(native['tcp.dial'], 0, options, ep)
}

/**
 * Opens an acceptor that listens at an endpoint.
 *
 * Suspends where names are to be resolved. Sets "reuse_address". For every address it serves IPv4 and IPv6 at once,
 * and IPv4 alone where the machine has no IPv6. Of several addresses the first that the machine has is meant. Port
 * 0 lets the system choose: see `tcp.Acceptor.localPort`. EADDRINUSE (bind) where somebody else listens there.
 *
 * @param ep - "host:service", "127.0.0.1:0", "[::]:80" or ":80" for every address.
 * @param options - A signal that ends the wait.
 */
export function listen (ep: string, options?: OperationOptions): Promise<Acceptor> {
  return operate1(native['tcp.listen'], 0, options, ep)
}
