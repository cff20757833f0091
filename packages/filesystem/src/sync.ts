// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What blocks, as plain calls that keep this thread until they are done.
 *
 * @packageDocumentation
 */
export * from './generated/sync.js'
export { currentWorkingDirectory, lastWriteTime, setCurrentWorkingDirectory } from './sync/accessors.js'
