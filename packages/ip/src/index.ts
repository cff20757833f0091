// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Addresses, TCP and UDP sockets, and name resolution.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export * from './generated/index.js'
export { connect, type ConnectCondition, type Connectable, type Endpoint } from './connect.js'

publish(import.meta.url, self)
