// SPDX-License-Identifier: MIT OR BSL-1.0
// Streams with little to say hold the small buffer; one that filled it gets the other, until it has been quiet for many
// reads.
const small = 16384, large = 65536, manyReads = 64

/** Bytes that one read may take. */
export const mostBytes = large

/** How buffers are made. */
export interface Buffers<T extends Uint8Array> {
  allocate (size: number): T
  /** The first `n` bytes of `buffer`, in memory of their own. */
  copy (buffer: T, n: number): T
  /** The first `n` bytes of `buffer`, in its memory. */
  front (buffer: T, n: number): T
}

/** The buffer that a stream is read into. What is read out of it is copied if it is little, and else given away. */
export class ReadBuffer<T extends Uint8Array> {
  private spare: T | null = null
  private size = small
  /** How many reads in a row would have left room in the small buffer. */
  private littleReads = 0

  constructor (private readonly buffers: Buffers<T>) {}

  /** @returns where the next read goes; nobody else has it */
  take (): T {
    const buffer = this.spare ?? this.buffers.allocate(this.size)
    this.spare = null
    return buffer
  }

  /** Takes back a buffer into which nothing was read. */
  giveBack (buffer: T): void { this.spare = buffer }

  /** @returns the first `n` bytes of a buffer that was taken, to keep */
  cut (buffer: T, n: number): T {
    this.adapt(buffer, n)
    if (n > buffer.length / 2) return n === buffer.length ? buffer : this.buffers.front(buffer, n)
    if (buffer.length === this.size) this.spare = buffer
    return this.buffers.copy(buffer, n)
  }

  private adapt (buffer: T, n: number): void {
    if (n === buffer.length) this.size = large
    this.littleReads = n < small ? this.littleReads + 1 : 0
    if (this.littleReads === manyReads) this.size = small
  }
}
