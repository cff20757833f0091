// SPDX-License-Identifier: MIT OR BSL-1.0
import { invalidArgument } from '@emilua/native'

// A DataView over each span would cost more than the number.
const scratch = new Uint8Array(8)
const view = new DataView(scratch.buffer)

/**
 * Bytes that are read and written as one number.
 *
 * The whole array is the number: `getU32be()` wants exactly four bytes, so a field of a packet is
 * `packet.sub(4, 8).getU32be()`. Data needs no alignment. Integers of up to 48 bits are exact as numbers; an array of
 * another size is an `EINVAL` whose `arg` is `this`, a value out of range one whose `arg` is `value`. There is neither
 * `getU8` nor `setU8`: that is what an index does.
 */
export class Numbers extends Uint8Array<ArrayBuffer> {
  /** The unsigned 16-bit integer in these 2 bytes, big-endian. */
  getU16be (): number {
    this.#check(2)
    return this[0] * 0x100 + this[1]
  }

  /** The unsigned 16-bit integer in these 2 bytes, little-endian. */
  getU16le (): number {
    this.#check(2)
    return this[0] + this[1] * 0x100
  }

  /** The unsigned 24-bit integer in these 3 bytes, big-endian. */
  getU24be (): number {
    this.#check(3)
    return this[0] * 0x10000 + this[1] * 0x100 + this[2]
  }

  /** The unsigned 24-bit integer in these 3 bytes, little-endian. */
  getU24le (): number {
    this.#check(3)
    return this[0] + this[1] * 0x100 + this[2] * 0x10000
  }

  /** The unsigned 32-bit integer in these 4 bytes, big-endian. */
  getU32be (): number {
    this.#check(4)
    return this[0] * 0x1000000 + this[1] * 0x10000 + this[2] * 0x100 + this[3]
  }

  /** The unsigned 32-bit integer in these 4 bytes, little-endian. */
  getU32le (): number {
    this.#check(4)
    return this[0] + this[1] * 0x100 + this[2] * 0x10000 + this[3] * 0x1000000
  }

  /** The unsigned 40-bit integer in these 5 bytes, big-endian. */
  getU40be (): number {
    this.#check(5)
    return this[0] * 0x100000000 + this[1] * 0x1000000 + this[2] * 0x10000 + this[3] * 0x100 + this[4]
  }

  /** The unsigned 40-bit integer in these 5 bytes, little-endian. */
  getU40le (): number {
    this.#check(5)
    return this[0] + this[1] * 0x100 + this[2] * 0x10000 + this[3] * 0x1000000 + this[4] * 0x100000000
  }

  /** The unsigned 48-bit integer in these 6 bytes, big-endian. */
  getU48be (): number {
    this.#check(6)
    return this[0] * 0x10000000000 + this[1] * 0x100000000 + this[2] * 0x1000000 + this[3] * 0x10000 + this[4] * 0x100 + this[5]
  }

  /** The unsigned 48-bit integer in these 6 bytes, little-endian. */
  getU48le (): number {
    this.#check(6)
    return this[0] + this[1] * 0x100 + this[2] * 0x10000 + this[3] * 0x1000000 + this[4] * 0x100000000 + this[5] * 0x10000000000
  }

  /** The signed 8-bit integer in this byte. */
  getI8 (): number {
    this.#check(1)
    return this[0] << 24 >> 24
  }

  /** The signed 16-bit integer in these 2 bytes, big-endian. */
  getI16be (): number {
    return signed(this.getU16be(), 0x10000)
  }

  /** The signed 16-bit integer in these 2 bytes, little-endian. */
  getI16le (): number {
    return signed(this.getU16le(), 0x10000)
  }

  /** The signed 24-bit integer in these 3 bytes, big-endian. */
  getI24be (): number {
    return signed(this.getU24be(), 0x1000000)
  }

  /** The signed 24-bit integer in these 3 bytes, little-endian. */
  getI24le (): number {
    return signed(this.getU24le(), 0x1000000)
  }

  /** The signed 32-bit integer in these 4 bytes, big-endian. */
  getI32be (): number {
    return signed(this.getU32be(), 0x100000000)
  }

  /** The signed 32-bit integer in these 4 bytes, little-endian. */
  getI32le (): number {
    return signed(this.getU32le(), 0x100000000)
  }

  /** The signed 40-bit integer in these 5 bytes, big-endian. */
  getI40be (): number {
    return signed(this.getU40be(), 0x10000000000)
  }

  /** The signed 40-bit integer in these 5 bytes, little-endian. */
  getI40le (): number {
    return signed(this.getU40le(), 0x10000000000)
  }

  /** The signed 48-bit integer in these 6 bytes, big-endian. */
  getI48be (): number {
    return signed(this.getU48be(), 0x1000000000000)
  }

  /** The signed 48-bit integer in these 6 bytes, little-endian. */
  getI48le (): number {
    return signed(this.getU48le(), 0x1000000000000)
  }

  /** The 32-bit floating point number in these 4 bytes, big-endian. */
  getF32be (): number {
    this.#check(4)
    for (let i = 0; i < 4; i++) scratch[i] = this[i]
    return view.getFloat32(0)
  }

  /** The 32-bit floating point number in these 4 bytes, little-endian. */
  getF32le (): number {
    this.#check(4)
    for (let i = 0; i < 4; i++) scratch[i] = this[i]
    return view.getFloat32(0, true)
  }

  /** The 64-bit floating point number in these 8 bytes, big-endian. */
  getF64be (): number {
    this.#check(8)
    for (let i = 0; i < 8; i++) scratch[i] = this[i]
    return view.getFloat64(0)
  }

  /** The 64-bit floating point number in these 8 bytes, little-endian. */
  getF64le (): number {
    this.#check(8)
    for (let i = 0; i < 8; i++) scratch[i] = this[i]
    return view.getFloat64(0, true)
  }

  /** Writes `value`, an integer from 0 to 2^16 - 1, to these 2 bytes, big-endian. */
  setU16be (value: number): void {
    this.#writeBe(value, 2, 0, 0xffff)
  }

  /** Writes `value`, an integer from 0 to 2^16 - 1, to these 2 bytes, little-endian. */
  setU16le (value: number): void {
    this.#writeLe(value, 2, 0, 0xffff)
  }

  /** Writes `value`, an integer from 0 to 2^24 - 1, to these 3 bytes, big-endian. */
  setU24be (value: number): void {
    this.#writeBe(value, 3, 0, 0xffffff)
  }

  /** Writes `value`, an integer from 0 to 2^24 - 1, to these 3 bytes, little-endian. */
  setU24le (value: number): void {
    this.#writeLe(value, 3, 0, 0xffffff)
  }

  /** Writes `value`, an integer from 0 to 2^32 - 1, to these 4 bytes, big-endian. */
  setU32be (value: number): void {
    this.#writeBe(value, 4, 0, 0xffffffff)
  }

  /** Writes `value`, an integer from 0 to 2^32 - 1, to these 4 bytes, little-endian. */
  setU32le (value: number): void {
    this.#writeLe(value, 4, 0, 0xffffffff)
  }

  /** Writes `value`, an integer from 0 to 2^40 - 1, to these 5 bytes, big-endian. */
  setU40be (value: number): void {
    this.#writeBe(value, 5, 0, 0xffffffffff)
  }

  /** Writes `value`, an integer from 0 to 2^40 - 1, to these 5 bytes, little-endian. */
  setU40le (value: number): void {
    this.#writeLe(value, 5, 0, 0xffffffffff)
  }

  /** Writes `value`, an integer from 0 to 2^48 - 1, to these 6 bytes, big-endian. */
  setU48be (value: number): void {
    this.#writeBe(value, 6, 0, 0xffffffffffff)
  }

  /** Writes `value`, an integer from 0 to 2^48 - 1, to these 6 bytes, little-endian. */
  setU48le (value: number): void {
    this.#writeLe(value, 6, 0, 0xffffffffffff)
  }

  /** Writes `value`, an integer from -2^7 to 2^7 - 1, to this byte. */
  setI8 (value: number): void {
    this.#writeBe(value, 1, -0x80, 0x7f)
  }

  /** Writes `value`, an integer from -2^15 to 2^15 - 1, to these 2 bytes, big-endian. */
  setI16be (value: number): void {
    this.#writeBe(value, 2, -0x8000, 0x7fff)
  }

  /** Writes `value`, an integer from -2^15 to 2^15 - 1, to these 2 bytes, little-endian. */
  setI16le (value: number): void {
    this.#writeLe(value, 2, -0x8000, 0x7fff)
  }

  /** Writes `value`, an integer from -2^23 to 2^23 - 1, to these 3 bytes, big-endian. */
  setI24be (value: number): void {
    this.#writeBe(value, 3, -0x800000, 0x7fffff)
  }

  /** Writes `value`, an integer from -2^23 to 2^23 - 1, to these 3 bytes, little-endian. */
  setI24le (value: number): void {
    this.#writeLe(value, 3, -0x800000, 0x7fffff)
  }

  /** Writes `value`, an integer from -2^31 to 2^31 - 1, to these 4 bytes, big-endian. */
  setI32be (value: number): void {
    this.#writeBe(value, 4, -0x80000000, 0x7fffffff)
  }

  /** Writes `value`, an integer from -2^31 to 2^31 - 1, to these 4 bytes, little-endian. */
  setI32le (value: number): void {
    this.#writeLe(value, 4, -0x80000000, 0x7fffffff)
  }

  /** Writes `value`, an integer from -2^39 to 2^39 - 1, to these 5 bytes, big-endian. */
  setI40be (value: number): void {
    this.#writeBe(value, 5, -0x8000000000, 0x7fffffffff)
  }

  /** Writes `value`, an integer from -2^39 to 2^39 - 1, to these 5 bytes, little-endian. */
  setI40le (value: number): void {
    this.#writeLe(value, 5, -0x8000000000, 0x7fffffffff)
  }

  /** Writes `value`, an integer from -2^47 to 2^47 - 1, to these 6 bytes, big-endian. */
  setI48be (value: number): void {
    this.#writeBe(value, 6, -0x800000000000, 0x7fffffffffff)
  }

  /** Writes `value`, an integer from -2^47 to 2^47 - 1, to these 6 bytes, little-endian. */
  setI48le (value: number): void {
    this.#writeLe(value, 6, -0x800000000000, 0x7fffffffffff)
  }

  /** Writes `value`, rounded to that precision, to these 4 bytes, big-endian. */
  setF32be (value: number): void {
    this.#check(4)
    if (typeof value !== 'number') throw invalidArgument('value', 'Expected a number', value)
    view.setFloat32(0, value)
    for (let i = 0; i < 4; i++) this[i] = scratch[i]
  }

  /** Writes `value`, rounded to that precision, to these 4 bytes, little-endian. */
  setF32le (value: number): void {
    this.#check(4)
    if (typeof value !== 'number') throw invalidArgument('value', 'Expected a number', value)
    view.setFloat32(0, value, true)
    for (let i = 0; i < 4; i++) this[i] = scratch[i]
  }

  /** Writes `value`, to these 8 bytes, big-endian. */
  setF64be (value: number): void {
    this.#check(8)
    if (typeof value !== 'number') throw invalidArgument('value', 'Expected a number', value)
    view.setFloat64(0, value)
    for (let i = 0; i < 8; i++) this[i] = scratch[i]
  }

  /** Writes `value`, to these 8 bytes, little-endian. */
  setF64le (value: number): void {
    this.#check(8)
    if (typeof value !== 'number') throw invalidArgument('value', 'Expected a number', value)
    view.setFloat64(0, value, true)
    for (let i = 0; i < 8; i++) this[i] = scratch[i]
  }

  #check (width: number): void {
    if (this.length !== width) throw invalidArgument('this', `Expected a span of ${width} bytes, not ${this.length}`)
  }

  #writeBe (value: number, width: number, least: number, most: number): void {
    this.#check(width)
    checkInteger(value, least, most)
    // Only 32 bits survive a shift, so the rest is divided off.
    const high = Math.floor(value / 0x100000000)
    for (let i = 0; i < width; i++) {
      const shift = (width - 1 - i) * 8
      this[i] = shift < 32 ? value >>> shift : high >>> (shift - 32)
    }
  }

  #writeLe (value: number, width: number, least: number, most: number): void {
    this.#check(width)
    checkInteger(value, least, most)
    const high = Math.floor(value / 0x100000000)
    for (let i = 0; i < width; i++) this[i] = i < 4 ? value >>> (i * 8) : high >>> ((i - 4) * 8)
  }
}

function checkInteger (value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw invalidArgument('value', `Expected an integer from ${least} to ${most}`, value)
  }
}

function signed (value: number, modulus: number): number {
  return value < modulus / 2 ? value : value - modulus
}
