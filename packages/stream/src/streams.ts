// SPDX-License-Identifier: MIT OR BSL-1.0
import type { OperationOptions } from '@emilua/native/fiber'

/** Anything bytes can be read from. */
export interface ReadStream {
  /**
   * Waits until there is something to read, and reads what there is, into the front of the buffer.
   *
   * @returns how many bytes were read; 0 only if the buffer is empty
   * @throws at the end of the stream an error that {@link isEof} recognises
   */
  readSome (buffer: Uint8Array, options?: OperationOptions): Promise<number>
}

/** Anything bytes can be written to. */
export interface WriteStream {
  /**
   * Waits until something can be written, and writes as much of the front of the buffer as can be.
   *
   * @returns how many bytes were written, maybe fewer than the buffer holds
   */
  writeSome (buffer: Uint8Array, options?: OperationOptions): Promise<number>
}

/** How bridges end a stream, where it has an end of its own. */
export interface Closable {
  /** Ends the stream and whatever waits on it. May be called again. */
  close? (): void
  /** Ends one direction. */
  shutdown? (what: 'receive' | 'send' | 'both'): void
}

/** Anything that hands out connections. */
export interface Acceptor<T> {
  /** Waits for a connection. */
  accept (options?: OperationOptions): Promise<T>
}
