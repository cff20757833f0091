// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Calls of libc in other programs, answered here: which file a path means, which socket an address.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export * from './generated/index.js'

publish(import.meta.url, self)
