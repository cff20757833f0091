// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "toy"; change that instead.
import { adopt, Direct, direct, EmiluaError, handleOf, NativeObject, natives, type OperationOptions, read, readsInto, register, retire } from '@emilua/native'
import type { Color } from './types.js'

const native = natives('toy')
const takeFromDirect = new Direct(native, 'box.take_from', 2, false, (size, fromWhom, port) => ({ size, fromWhom: fromWhom as Box, port }))
const putDirect = new Direct<number>(native, 'box.put', 1, true)

/** Holds things. */
export class Box extends NativeObject {
  /**
   * Makes an empty one.
   *
   * @param size - How much fits in.
   */
  constructor (size?: number) {
    super(adopt() ?? native['box.new'](size))
  }

  /**
   * What is in it.
   *
   * {@link take} puts more into it, `files.rename` does not.
   */
  text (): string {
    return native['box.text'](handleOf(this)) as string
  }

  /**
   * Takes what is in another.
   *
   * @param other - What is emptied. Taken over: closed afterwards, if the call succeeds.
   */
  take (other: Box): void {
    native['box.take'](handleOf(this), other)
  }

  /**
   * Takes what may be there, and says whose it is.
   *
   * @param options - A signal that ends the wait. `colors`: Which.
   */
  takeFrom (
    buffer: Uint8Array, options?: OperationOptions & { colors?: readonly Color[] | undefined }
  ): Promise<{ size: number, fromWhom: Box, port: number }> {
    return direct(takeFromDirect, this, options, buffer, options?.colors)
  }

  /**
   * Puts some bytes into it.
   *
   * @param options - A signal that ends the wait.
   */
  put (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return direct(putDirect, this, options, buffer)
  }

  /**
   * Reads.
   *
   * @param options - A signal that ends the wait.
   */
  readSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return read(native['box.read_some'], this, options, buffer)
  }

  /**
   * Closes it.
   *
   * What is closed already, or was handed on, is left alone.
   */
  close (): void {
    try {
      native['box.close'](handleOf(this))
      retire(this)
    } catch (error) {
      if (!(error instanceof EmiluaError && error.code === 'EBADF')) throw error
    }
  }

  /** As text. */
  override toString (): string {
    return native['box.__tostring'](handleOf(this)) as string
  }

  /** Whether `other` is the same value. */
  equals (other: unknown): boolean {
    return other instanceof Box && native['box.__eq'](handleOf(this), other) as boolean
  }

  /** {@link close}, at the end of a `using` block. What was handed on is left alone. */
  [Symbol.dispose] (): void {
    this.close()
  }

  /** {@link close}, at the end of an `await using` block. What was handed on is left alone. */
  [Symbol.asyncDispose] (): Promise<void> {
    this[Symbol.dispose]()
    return Promise.resolve()
  }
}

register('toy', 'box', Box)
readsInto(Box, native['box.read_some'])
