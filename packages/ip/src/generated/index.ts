// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "ip"; change that instead.
export * as tcp from './tcp.js'
export * as udp from './udp.js'
export { Address } from './address.js'
export * from './functions.js'
export type * from './types.js'
