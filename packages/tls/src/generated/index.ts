// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "tls"; change that instead.
export { Context } from './context.js'
export { Session } from './session.js'
export { Socket } from './socket.js'
export type * from './types.js'
