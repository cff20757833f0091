// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Descriptors of open files, as they travel between programs.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export * from './generated/index.js'

publish(import.meta.url, self)
