// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "file"; change that instead.
export { RandomAccess } from './random-access.js'
export { Stream } from './stream.js'
export type * from './types.js'
