// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * UNIX domain sockets: within the machine, under paths and abstract names, with descriptors in messages.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export * from './generated/index.js'

publish(import.meta.url, self)
