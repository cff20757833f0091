// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Files: what is in them, in order or at any place, and their locks.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export { readAllAt, readAtLeastAt, writeAllAt, writeAtLeastAt } from './algorithms.js'
export type { RandomReader, RandomWriter } from './algorithms.js'
export * from './generated/index.js'

publish(import.meta.url, self)
