// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "sandbox"; change that instead.
export { Guest } from './guest.js'
export { Sandbox } from './sandbox.js'
export * from './functions.js'
export type * from './types.js'
