// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
export * as clock from './clock.js'
export { DirectoryEntry } from './directory-entry.js'
export { DirectoryIterator } from './directory-iterator.js'
export { Path } from './path.js'
export { PathIterator } from './path-iterator.js'
export { RecursiveDirectoryIterator } from './recursive-directory-iterator.js'
export * from './functions.js'
export type * from './types.js'
