// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EmiluaError } from '@emilua/native'
import { expect } from 'chai'
import { parse, stringify, toBytes, type Writable } from 'emilua-plugin-json'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

function thrown (f: () => unknown): EmiluaError {
  try {
    f()
  } catch (error) {
    expect(error).to.be.instanceOf(EmiluaError)
    return error as EmiluaError
  }
  throw new Error('nothing was thrown')
}

describe('the plugin json', () => {
  it('parses text and bytes', () => {
    expect(parse('{"a": [1, 2.5, 1e3], "b": {"c": "d\\u00e9\\n"}, "e": true, "f": []}'))
      .to.deep.equal({ a: [1, 2.5, 1000], b: { c: 'dé\n' }, e: true, f: [] })
    expect(parse(new TextEncoder().encode('[null, false]'))).to.deep.equal([undefined, false])
    expect(Object.keys(parse('{"__proto__": 1, "a": null}') as object)).to.deep.equal(['__proto__', 'a'])
  })

  it('writes what JSON has', () => {
    expect(stringify([1, 2.5, 'three', true, null, undefined, { a: {}, b: [] }])).to.equal('[1,2.5,"three",true,null,null,{"a":{},"b":[]}]')
    expect(stringify([2n ** 64n - 1n, -5n, 2 ** 53, 1e300])).to.equal('[18446744073709551615,-5,9007199254740992,1e300]')
    expect(new TextDecoder().decode(toBytes('é'))).to.equal('"é"')
  })

  it('agrees with the JSON of JavaScript', () => {
    let seed = 20261126
    const below = (n: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return seed % n
    }
    const characters = [...'ab"\\\n\u0000\u2028é€😀']
    const text = (): string => Array.from({ length: below(6) }, () => characters[below(characters.length)]!).join('')
    const any = (depth: number): Writable => {
      const kinds: (() => Writable)[] = [
        () => null, () => below(2) === 0, () => below(1000) - 500, () => (below(1e9) - 5e8) / 7919 * 10 ** (below(40) - 20), text,
        () => Array.from({ length: below(5) }, () => any(depth - 1)),
        () => Object.fromEntries(Array.from({ length: below(5) }, () => [text(), any(depth - 1)]))
      ]
      return kinds[below(depth > 0 ? kinds.length : 5)]!()
    }
    for (let i = 0; i < 500; i++) {
      const value = any(5)
      const written = JSON.stringify(value)
      expect(JSON.parse(stringify(value))).to.deep.equal(JSON.parse(written))
      expect(stringify(parse(written))).to.equal(stringify(value))
    }
  })

  it('says where a text is wrong, and what cannot be written', () => {
    expect(thrown(() => parse('{"a": 1,}'))).to.include({ code: 'EINVAL', arg: 'text' }).and.have.property('message').that.includes('at byte 8: Missing a name')
    expect(thrown(() => parse(new Uint8Array([34, 255, 34]))).message).to.include('Invalid encoding')
    expect(thrown(() => parse('['.repeat(201) + ']'.repeat(201))).message).to.include('at most 200 deep')
    const write = (value: unknown): EmiluaError => thrown(() => stringify(value as Writable))
    expect(write({ a: [1, () => {}] }).arg).to.equal('value.a[1]')
    expect(write({ a: NaN })).to.include({ arg: 'value.a' }).and.have.property('message').that.includes('a finite number')
    expect(write([new Uint8Array(1)]).arg).to.equal('value[0]')
    const cycle: Record<string, unknown> = {}
    cycle.again = cycle
    expect(write(cycle).message).to.include('at most 200 deep')
  })

  it('is a module of Lua', () => {
    const { stdout, stderr } = spawnSync(at('../../../emilua'), [at('json.lua')], { encoding: 'utf8', env: { ...process.env, EMILUA_PATH: at('../build') } })
    expect(stderr).to.equal('')
    expect(stdout).to.equal(readFileSync(at('json.expected'), 'utf8'))
  })
})
