// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What of `@emilua/sandbox` may keep its thread waiting, under the same names.
 *
 * @packageDocumentation
 */
export * from './generated/sync.js'
