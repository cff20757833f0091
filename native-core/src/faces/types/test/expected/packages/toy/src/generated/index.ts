// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "toy"; change that instead.
export * as files from './files.js'
export * as flags from './flags.js'
export { Box } from './box.js'
export { Tag } from './tag.js'
export * from './functions.js'
export type * from './types.js'
