// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Paths, and the files and folders behind them.
 *
 * @packageDocumentation
 */
export * from './generated/index.js'
// Before the generated one of this name, which gives a record for each entry.
export { RecursiveDirectoryIterator, recursiveDirectoryIterator } from './recursive-directory-iterator.js'
