// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "unix"; change that instead.
export * as datagram from './datagram.js'
export * as seqpacket from './seqpacket.js'
export * as stream from './stream.js'
export type * from './types.js'
