// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Pipes: bytes in one direction, within a process or to another one.
 *
 * @packageDocumentation
 */
export * from './generated/index.js'
