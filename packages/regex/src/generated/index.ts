// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "regex"; change that instead.
export { Regex } from './regex.js'
export * from './functions.js'
export type * from './types.js'
