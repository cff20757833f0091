// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * CRC-32, as zip, gzip and PNG have it.
 *
 * @packageDocumentation
 */
import { adopt, handleOf, loadPlugin, NativeObject, operate1, register, type OperationOptions } from '@emilua/native'

const native = loadPlugin(new URL('../build/checksum.so', import.meta.url))

/**
 * The checksum of a buffer, an integer from 0 to 2³² - 1.
 *
 * @param bytes - What to sum up.
 * @throws `EINVAL` if it is no `Uint8Array`
 */
export function crc32 (bytes: Uint8Array): number {
  return native['crc32'](bytes) as number
}

/**
 * The checksum of a file's content.
 *
 * Suspends; a cancellation point. A thread of Emilua's pool reads the file; a cancellation abandons it.
 *
 * @param path - The file.
 * @param options - A signal that ends the operation.
 * @throws errors of open(2) and read(2)
 */
export function hashFile (path: string, options?: OperationOptions): Promise<number> {
  return operate1(native['hash_file'], 0, options, path)
}

/** A checksum of what comes piece by piece. */
export class Hasher extends NativeObject {
  /** The checksum of nothing. */
  constructor () {
    super(adopt() ?? native['hasher.new']())
  }

  /**
   * Goes on with a piece.
   *
   * @param bytes - The next piece.
   * @throws `EINVAL` if it is no `Uint8Array`
   */
  update (bytes: Uint8Array): void {
    native['hasher.update'](handleOf(this), bytes)
  }

  /** The checksum of the pieces so far. */
  get digest (): number {
    return native['hasher.digest'](handleOf(this)) as number
  }
}

register('checksum', 'hasher', Hasher)
