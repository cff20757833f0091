// SPDX-License-Identifier: MIT OR BSL-1.0
// The plugin of every type, and what its tests have in common.
import { EmiluaError, NativeObject, NativeValue, adopt, handleOf, loadPlugin, register } from '@emilua/native'
import { expect } from 'chai'

export const plugin = new URL('../../../native-core/build/release/test/everything.so', import.meta.url)
export const n = loadPlugin(plugin)
export const call = (name: string, ...args: unknown[]): unknown => n[name]!(...args)

export class Counter extends NativeObject {
  constructor (count = 0) {
    super(adopt() ?? n['counter.new']!(count))
  }

  get count (): number {
    return n['counter.count']!(handleOf(this)) as number
  }
}

export class Label extends NativeValue {
  constructor (bytes: Uint8Array = new Uint8Array(0)) {
    super(adopt() ?? n['label.new']!(bytes))
  }
}

export class Word extends NativeValue {
  constructor (text = '') {
    super(adopt() ?? n['word.new']!(text))
  }
}

register('everything', 'counter', Counter)
register('everything', 'word', Word)
register('everything', 'label', Label)

export function thrown (f: () => unknown): EmiluaError {
  try {
    f()
  } catch (error) {
    expect(error).to.be.instanceOf(EmiluaError)
    return error as EmiluaError
  }
  throw new Error('nothing was thrown')
}

export const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'resolved', (error: unknown) => error)
export type ResizableBuffer = ArrayBuffer & { resize (size: number): void, transfer (): ArrayBuffer }
export const resizable = (size: number, maxByteLength: number): ResizableBuffer =>
  new (ArrayBuffer as unknown as new (size: number, options: object) => ResizableBuffer)(size, { maxByteLength })
export const detached = (): Uint8Array => {
  const buffer = new Uint8Array(4)
  structuredClone(buffer, { transfer: [buffer.buffer] })
  return buffer
}
/** Whether `text` is in the memory that process `pid` has from malloc. */
