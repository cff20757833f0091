// SPDX-License-Identifier: MIT OR BSL-1.0
/** Pieces that are smaller than this are written together. */
const together = 65536

/** What pieces are put together in; `null` while somebody has it. */
let scratch: Buffer | null = null

/** What can be written at once. */
export interface Joined {
  chunk: Uint8Array
  /** The index of the first piece that is not in it. */
  end: number
  /** What it is in, for {@link giveBack}; `null` if that is the piece itself. */
  buffer: Buffer | null
}

/** @returns the pieces from `begin` on, as many as fit; a large one alone, and as it is */
export function join (pieces: readonly { chunk: Uint8Array }[], begin: number): Joined {
  let end = begin, size = 0
  while (end < pieces.length && size + pieces[end]!.chunk.length <= together) size += pieces[end++]!.chunk.length
  if (end <= begin + 1) return { chunk: pieces[begin]!.chunk, end: begin + 1, buffer: null }
  const buffer = scratch ?? Buffer.allocUnsafeSlow(together)
  scratch = null
  let at = 0
  for (let i = begin; i < end; i++) {
    buffer.set(pieces[i]!.chunk, at)
    at += pieces[i]!.chunk.length
  }
  return { chunk: buffer.subarray(0, size), end, buffer }
}

/** To be called when what was joined has been written. */
export function giveBack ({ buffer }: Joined): void {
  scratch ??= buffer
}
