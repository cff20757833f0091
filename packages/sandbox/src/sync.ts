// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What of `@emilua/sandbox` may keep its thread waiting, under the same names.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './sync.js'
export * from './generated/sync.js'

publish(import.meta.url, self)
