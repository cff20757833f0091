// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Regular expressions of three grammars, on strings and bytes.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export * from './generated/index.js'
export { match, patsplit, search, split, type Match, type Span } from './matching.js'

publish(import.meta.url, self)
