// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "ip"; change that instead.
import { natives } from '@emilua/native'
import type { Address } from './address.js'

const native = natives('ip')

/**
 * The name of this machine.
 *
 * gethostname(2).
 */
export function hostName (): string {
  return native['host_name']() as string
}

/**
 * Writes an endpoint as text.
 *
 * "192.0.2.1:80", "[2001:db8::1]:80"; without a port as the address alone. RFC 5952.
 *
 * @param addr - The address.
 * @param port - Nothing leaves it out. From 0 to 65535.
 */
export function toString (addr: Address, port?: number): string {
  return native['tostring'](addr, port) as string
}

/**
 * Reads an endpoint from its text.
 *
 * EINVAL when it is none: nothing is ever resolved.
 *
 * @param ep - "192.0.2.1:80" or "[2001:db8::1]:80".
 */
export function toEndpoint (ep: string): { address: Address, port: number } {
  return native['toendpoint'](ep) as { address: Address, port: number }
}
