// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What blocks, as plain calls that keep this thread until they are done.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './sync.js'
export * from './generated/sync.js'
export { currentWorkingDirectory, lastWriteTime, setCurrentWorkingDirectory } from './sync/accessors.js'

publish(import.meta.url, self)
