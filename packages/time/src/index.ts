// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Clocks, timers and sleep. Every duration is a number of seconds.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export * from './generated/index.js'
export * as systemClock from './system-clock.js'

publish(import.meta.url, self)
