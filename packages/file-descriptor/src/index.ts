// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Descriptors of open files, as they travel between programs.
 *
 * @packageDocumentation
 */
export * from './generated/index.js'
