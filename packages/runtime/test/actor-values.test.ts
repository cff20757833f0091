// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { Address, tcp } from '@emilua/ip'
import { inbox, spawnVm, type Channel } from '@emilua/runtime'
import { program } from './actors.js'

interface Row {
  /** What `kinds.lua` calls it. */
  lua: string
  values: readonly unknown[]
  /** What comes back of a value; itself where nothing is said. */
  fromLua?: (value: unknown) => unknown
  fromJavaScript?: (value: unknown) => unknown
}

const bytes = (value: unknown): Uint8Array => new Uint8Array(value as Uint8Array)
const nothing = (): undefined => undefined

/** By the first column of the table at `Message`. */
const rows: Record<string, Row> = {
  '`undefined`, `null`': { lua: 'nil', values: [undefined, null], fromLua: nothing, fromJavaScript: value => value },
  'boolean': { lua: 'boolean', values: [true, false] },
  'number': { lua: 'number', values: [0, -0, 1.5, NaN, Infinity, -Infinity, 2 ** 53, Number.MIN_VALUE] },
  'bigint of 64 bits': { lua: 'int64_t', values: [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)] },
  'string': { lua: 'string', values: ['', 'text', 'zażółć', '\0', '\u{1F600}', '\ufffd'] },
  '`Uint8Array`, and what extends it, such as `Buffer`': {
    lua: 'byte_span',
    values: [Uint8Array.of(1, 2), new Uint8Array(0), Buffer.from('hi'), new Uint8Array(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2), new Uint8Array(100_000).fill(7)],
    fromLua: bytes,
    fromJavaScript: bytes
  },
  'array': { lua: 'list', values: [[1], [[1, [2]], 'x'], [{ a: [1] }]] },
  'plain object: a literal of any realm, or one without prototype': {
    lua: 'table', values: [{ a: 1 }, { a: { b: { c: ['deep'] } } }, { 'a key': 1, 'ż': 2, '__proto': 3, 'constructor': 'x' }]
  },
  'value, such as `Address`': { lua: 'ip.address', values: [new Address('::1')], fromLua: String, fromJavaScript: String },
  'object that moves, such as a socket': { lua: 'ip.tcp.socket', values: [new tcp.Socket()], fromLua: isSocket, fromJavaScript: isSocket }
}

function isSocket (value: unknown): boolean {
  return value instanceof tcp.Socket
}

/** The first column of the table in the documentation of `Message`. */
function documented (): string[] {
  const text = readFileSync(new URL('../src/actor.ts', import.meta.url), 'utf8')
  const lines = text.slice(0, text.indexOf('export type Message')).split('\n').filter(line => line.startsWith(' * | '))
  return lines.map(line => line.slice(' * | '.length).split(' | ')[0]!).filter(cell => cell !== 'here')
}

describe('values in messages', () => {
  it('are tried as they are documented', () => {
    expect(Object.keys(rows)).to.deep.equal(documented())
  })

  for (const language of ['lua', 'mjs'] as const) {
    describe(`to ${language} and back`, () => {
      let actor: Channel<unknown>
      before(async () => {
        actor = await spawnVm<unknown>(program(`kinds.${language}`))
        actor.send(inbox)
      })
      after(async () => {
        actor.close()
        await actor.closed
      })

      for (const [name, row] of Object.entries(rows)) {
        it(`carry ${name}`, async () => {
          const comesBack = (language === 'lua' ? row.fromLua : row.fromJavaScript) ?? (value => value)
          for (const value of row.values) {
            const sent = value instanceof tcp.Socket ? new tcp.Socket() : value
            actor.send({ it: sent })
            const { kind, it } = await inbox.receive<{ kind: string, it?: unknown }>()
            if (language === 'lua') expect(kind).to.equal(row.lua)
            expect(value instanceof Address ? String(it) : value instanceof tcp.Socket ? isSocket(it) : it).to.deep.equal(comesBack(value))
          }
        })
      }

      it('keep a hole and an empty list as far as Lua can', async () => {
        actor.send({ it: { a: null, b: undefined, list: [1, null, 3], none: [] } })
        const { it } = await inbox.receive<{ it: unknown }>()
        expect(it).to.deep.equal(language === 'lua' ? { list: [1, undefined, 3], none: {} } : { a: null, list: [1, undefined, 3], none: [] })
      })
    })
  }

  describe('that cannot be sent are refused by their path', () => {
    const f = (): void => {}
    const cycle: unknown[] = [1]
    cycle.push({ back: cycle })
    const shapes: [unknown, string, string][] = [
      [f, 'message', 'a function cannot be sent'],
      [{ a: [1, 2, 3, f] }, 'message.a[3]', 'a function cannot be sent'],
      [[[[f]]], 'message[0][0][0]', 'a function cannot be sent'],
      [{ a: { b: { c: Symbol('s') } } }, 'message.a.b.c', 'a symbol cannot be sent'],
      [{ 'two words': { 'it\'s': f } }, 'message["two words"]["it\'s"]', 'a function cannot be sent'],
      [[{ when: new Date() }], 'message[0].when', 'a Date cannot be sent; send its getTime()'],
      [{ list: [{}, new Map()] }, 'message.list[1]', 'a Map cannot be sent; send an array of its entries'],
      [[{}, [], new Set()], 'message[2]', 'a Set cannot be sent; send an array of its values'],
      [{ e: [new RangeError('x')] }, 'message.e[0]', 'a RangeError cannot be sent; send its message'],
      [{ big: { n: [2n ** 64n] } }, 'message.big.n[0]', 'Expected a bigint of 64 bits, not 18446744073709551616n'],
      [cycle, 'message[1].back', 'an object inside of itself cannot be sent'],
      [{ view: [new Uint16Array(1)] }, 'message.view[0]', 'a Uint16Array cannot be sent; send a Uint8Array of its bytes, or an array of its numbers']
    ]
    for (const [message, path, text] of shapes) {
      it(`${path}: ${text}`, () => {
        expect(() => { inboxOf().send(message) }).to.throw().that.includes({ code: 'EINVAL', arg: path, message: `${path}: ${text}` })
      })
    }

    let known: Channel<unknown>
    const inboxOf = (): Channel<unknown> => known
    before(async () => { known = await spawnVm<unknown>(program('waiting.lua')) })
    after(async () => {
      known.close()
      await known.closed
    })
  })
})
