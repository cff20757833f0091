// SPDX-License-Identifier: MIT OR BSL-1.0
import type { OperationOptions } from '@emilua/native/fiber'

/** A method that reads or writes some. */
export type Some = (buffer: Uint8Array, options?: OperationOptions) => Promise<number>

/** Calls `some` of `stream`, which need not be ours: what it throws rejects. */
export function attempt (stream: object, some: Some, bytes: Uint8Array, options: OperationOptions | undefined): Promise<number> {
  try {
    return Promise.resolve(some.call(stream, bytes, options))
  } catch (error) {
    return Promise.reject(error)
  }
}
