// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What can be done with any stream of bytes: read and write all, iterate, take records apart, bridge it to the Web's
 * and Node's streams.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export { readAll, readAtLeast, writeAll, writeAtLeast } from './algorithms.js'
export { chunks } from './chunks.js'
export { connections } from './connections.js'
export { endOfFile, isEof } from '@emilua/native'
export { NativeAcceptor, NativeReadStream, NativeStream, NativeWriteStream } from './native.js'
export { Scanner, type ScannerOptions, type ScannerRecord } from './scanner.js'
export type { Acceptor, Closable, ReadStream, WriteStream } from './streams.js'
export { toReadable, toWritable } from './web.js'
export type { OperationOptions } from '@emilua/native/fiber'

publish(import.meta.url, self)
