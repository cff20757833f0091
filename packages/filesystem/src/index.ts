// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Paths, and the files and folders behind them.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export * from './generated/index.js'
export { currentWorkingDirectory, lastWriteTime, setCurrentWorkingDirectory } from './accessors.js'
export type { PathLike } from './path-like.js'

publish(import.meta.url, self)
