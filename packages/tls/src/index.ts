// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * TLS over TCP: certificates, contexts, sockets, and connections by name.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export * from './generated/index.js'
export { Context, type PasswordCallback } from './context.js'
export { dial } from './dial.js'

publish(import.meta.url, self)
