// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "libc_service"; change that instead.
export { Master } from './master.js'
export { Slave } from './slave.js'
export * from './functions.js'
export type * from './types.js'
