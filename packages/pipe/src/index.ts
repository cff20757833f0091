// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Pipes: bytes in one direction, within a process or to another one.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export * from './generated/index.js'

publish(import.meta.url, self)
