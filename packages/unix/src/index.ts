// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * UNIX domain sockets: within the machine, under paths and abstract names, with descriptors in messages.
 *
 * @packageDocumentation
 */
export * from './generated/index.js'
