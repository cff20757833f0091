// SPDX-License-Identifier: MIT OR BSL-1.0
import { ByteSpan } from '@emilua/byte-span'
import { EmiluaError } from '@emilua/errors'
import { expect } from 'chai'

type Get = (this: ByteSpan) => number
type Set = (this: ByteSpan, value: number) => void

const method = (name: string) => (ByteSpan.prototype as unknown as Record<string, unknown>)[name]
const get = (name: string, span: ByteSpan) => (method(`get${name}`) as Get).call(span)
const set = (name: string, span: ByteSpan, value: unknown) => (method(`set${name}`) as Set).call(span, value as number)

function refuses (arg: string, body: () => unknown): void {
  try {
    body()
  } catch (error) {
    expect(error).to.be.instanceOf(EmiluaError)
    expect(error).to.include({ code: 'EINVAL', arg })
    return
  }
  expect.fail(`nothing was thrown for ${arg}: ${body}`)
}

const integers = [{ name: 'I8', bits: 8, least: -128, most: 127 }]
for (const bits of [16, 24, 32, 40, 48]) {
  for (const order of ['be', 'le']) {
    integers.push({ name: `U${bits}${order}`, bits, least: 0, most: 2 ** bits - 1 })
    integers.push({ name: `I${bits}${order}`, bits, least: -(2 ** (bits - 1)), most: 2 ** (bits - 1) - 1 })
  }
}
const floats = [32, 64].flatMap(bits => ['be', 'le'].map(order => ({ name: `F${bits}${order}`, bits })))

describe('the numbers of ByteSpan', () => {
  for (const { name, bits, least, most } of integers) {
    it(`${name} holds ${least} to ${most} and refuses the rest`, () => {
      // Inside of a larger span, so that a byte too many would be seen.
      const around = new ByteSpan(bits / 8 + 2).fill(0xaa)
      const span = around.sub(1, bits / 8 + 1)
      for (const value of [least, least + 1, 0, 1, 127, Math.floor(most / 3), most - 1, most]) {
        set(name, span, value)
        expect(get(name, span)).to.equal(value)
        expect([around[0], around.at(-1)]).to.deep.equal([0xaa, 0xaa])
      }
      for (const value of [least - 1, most + 1, 0.5, NaN, Infinity, -Infinity, 2 ** 60, '1', 1n, null, undefined]) {
        refuses('value', () => set(name, span, value))
        expect(get(name, span)).to.equal(most)
      }
    })
  }

  it('are laid out as their order says', () => {
    for (const bits of [16, 24, 32, 40, 48]) {
      const digits = Array.from({ length: bits / 8 }, (_, i) => i + 0x81)
      const value = digits.reduce((sum, digit) => sum * 256 + digit, 0)
      const span = new ByteSpan(bits / 8)
      for (const kind of ['U', 'I']) {
        set(`${kind}${bits}be`, span, kind === 'U' ? value : value - 2 ** bits)
        expect([...span]).to.deep.equal(digits)
        set(`${kind}${bits}le`, span, kind === 'U' ? value : value - 2 ** bits)
        expect([...span]).to.deep.equal(digits.toReversed())
      }
    }
  })

  it('include floating point', () => {
    for (const { name, bits } of floats) {
      const span = new ByteSpan(bits / 8)
      for (const value of [0, -0, 1.5, -2, 2 ** -149, Infinity, -Infinity, NaN]) {
        set(name, span, value)
        expect(Object.is(get(name, span), value)).to.equal(true, `${name} ${value}`)
      }
      set(name, span, 1)
      expect(span[name.endsWith('be') ? 0 : span.length - 1]).to.equal(0x3f)
      set(name, span, 0.1)
      expect(get(name, span)).to.equal(bits === 32 ? Math.fround(0.1) : 0.1)
      for (const bad of ['1', 1n, null, undefined]) refuses('value', () => set(name, span, bad))
    }
  })

  it('need a span of exactly their size', () => {
    for (const { name, bits } of [...integers, ...floats]) {
      for (const length of [bits / 8 - 1, bits / 8 + 1, 0]) {
        refuses('this', () => get(name, new ByteSpan(length)))
        refuses('this', () => set(name, new ByteSpan(length), 0))
      }
    }
  })

  it('have no U8, which is an index', () => {
    expect(method('getU8')).to.equal(undefined)
    expect(method('setU8')).to.equal(undefined)
  })
})
