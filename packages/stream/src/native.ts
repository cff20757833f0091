// SPDX-License-Identifier: MIT OR BSL-1.0
import { NativeObject } from '@emilua/native'
import type { OperationOptions } from '@emilua/native/fiber'
import { chunks } from './chunks.js'
import { connections } from './connections.js'
import type { Acceptor, ReadStream, WriteStream } from './streams.js'
import { toReadable, toWritable } from './web.js'

/** Base of the native classes that can be read from: what all of them offer beside `readSome`. */
export abstract class NativeReadStream extends NativeObject implements ReadStream {
  abstract readSome (buffer: Uint8Array, options?: OperationOptions): Promise<number>

  /** The stream as a Web Stream, made when it is first asked for. */
  get readable (): ReadableStream<Uint8Array> { return toReadable(this) }

  /** What comes out of the stream, chunk by chunk, until it ends. */
  [Symbol.asyncIterator] (): AsyncIterableIterator<Uint8Array> { return chunks(this) }
}

/** Base of the native classes that can be written to: what all of them offer beside `writeSome`. */
export abstract class NativeWriteStream extends NativeObject implements WriteStream {
  abstract writeSome (buffer: Uint8Array, options?: OperationOptions): Promise<number>

  /** The stream as a Web Stream, made when it is first asked for. */
  get writable (): WritableStream<Uint8Array> { return toWritable(this) }
}

/** Base of the native classes that can be read from and written to. */
export abstract class NativeStream extends NativeReadStream implements WriteStream {
  abstract writeSome (buffer: Uint8Array, options?: OperationOptions): Promise<number>

  /** The stream's writing side as a Web Stream, made when it is first asked for. */
  get writable (): WritableStream<Uint8Array> { return toWritable(this) }
}

/** Base of the native classes that hand out connections: they can be iterated over. */
export abstract class NativeAcceptor<T> extends NativeObject implements Acceptor<T> {
  abstract accept (options?: OperationOptions): Promise<T>

  /** The connections, until the acceptor is closed: see {@link connections}. */
  [Symbol.asyncIterator] (): AsyncIterableIterator<T> { return connections(this) }
}
