// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "pipe"; change that instead.
export { ReadStream } from './read-stream.js'
export { WriteStream } from './write-stream.js'
export * from './functions.js'
