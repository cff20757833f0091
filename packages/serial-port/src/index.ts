// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Serial ports, and terminals of every other kind.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export * from './generated/index.js'

publish(import.meta.url, self)
