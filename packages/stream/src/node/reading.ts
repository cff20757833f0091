// SPDX-License-Identifier: MIT OR BSL-1.0
// Buffers of two sizes: idle connections hold the small one, those that fill it get the other.
const small = 16384, large = 65536

/** The buffer that a connection reads into. What is read out of it is copied if it is little, and else given away. */
export class ReadBuffer {
  private spare: Buffer | null = null
  private size = small

  /** @returns where the next read goes; nobody else has it */
  take (): Buffer {
    const buffer = this.spare ?? Buffer.allocUnsafeSlow(this.size)
    this.spare = null
    return buffer
  }

  /** @returns the first `n` bytes of a buffer that was taken, to keep */
  cut (buffer: Buffer, n: number): Buffer {
    this.size = n === buffer.length ? large : n < small ? small : this.size
    if (n > buffer.length / 2) return n === buffer.length ? buffer : buffer.subarray(0, n)
    if (buffer.length === this.size) this.spare = buffer
    const chunk = Buffer.allocUnsafe(n)
    buffer.copy(chunk, 0, 0, n)
    return chunk
  }
}
