// SPDX-License-Identifier: MIT OR BSL-1.0
// Connections with little to say hold the small buffer; one that filled it gets the other, until it has been quiet for
// many reads.
const small = 16384, large = 65536, manyReads = 64

/** The buffer that a connection reads into. What is read out of it is copied if it is little, and else given away. */
export class ReadBuffer {
  private spare: Buffer | null = null
  private size = small
  /** How many reads in a row would have left room in the small buffer. */
  private littleReads = 0

  /** @returns where the next read goes; nobody else has it */
  take (): Buffer {
    const buffer = this.spare ?? Buffer.allocUnsafeSlow(this.size)
    this.spare = null
    return buffer
  }

  /** @returns the first `n` bytes of a buffer that was taken, to keep */
  cut (buffer: Buffer, n: number): Buffer {
    this.adapt(buffer, n)
    if (n > buffer.length / 2) return n === buffer.length ? buffer : buffer.subarray(0, n)
    if (buffer.length === this.size) this.spare = buffer
    const chunk = Buffer.allocUnsafe(n)
    buffer.copy(chunk, 0, 0, n)
    return chunk
  }

  private adapt (buffer: Buffer, n: number): void {
    if (n === buffer.length) this.size = large
    this.littleReads = n < small ? this.littleReads + 1 : 0
    if (this.littleReads === manyReads) this.size = small
  }
}
