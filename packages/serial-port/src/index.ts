// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Serial ports, and terminals of every other kind.
 *
 * @packageDocumentation
 */
export * from './generated/index.js'
