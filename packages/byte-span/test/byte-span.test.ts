// SPDX-License-Identifier: MIT OR BSL-1.0
import { ByteSpan } from '@emilua/byte-span'
import { EmiluaError } from '@emilua/errors'
import { expect } from 'chai'

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

const wrong = (value: unknown) => value as never
const text = (value: string) => ByteSpan.append(value)

describe('ByteSpan', () => {
  describe('construction', () => {
    it('is a Uint8Array of zeros with a capacity', () => {
      const span = new ByteSpan(3, 8)
      expect(span).to.be.instanceOf(Uint8Array)
      expect([...span]).to.deep.equal([0, 0, 0])
      expect(span.capacity).to.equal(8)
      expect(new ByteSpan(3).capacity).to.equal(3)
      expect(new ByteSpan(0).capacity).to.equal(0)
      expect([...ByteSpan.withZeros(1, 4).sub(0, 4)]).to.deep.equal([0, 0, 0, 0])
    })

    it('lies over existing memory', () => {
      const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6)
      const span = new ByteSpan(bytes.buffer, 1, 2)
      expect([...span]).to.deep.equal([2, 3])
      expect(span.capacity).to.equal(2)
      span[0] = 9
      expect(bytes[1]).to.equal(9)
      const roomy = new ByteSpan(bytes.buffer, 1, 2, 4)
      expect([...roomy.append(Uint8Array.of(7))]).to.deep.equal([9, 3, 7])
      expect([...bytes]).to.deep.equal([1, 9, 3, 7, 5, 6])
      expect(new ByteSpan(bytes.buffer, 2).length).to.equal(4)
      expect(new ByteSpan(bytes.buffer).capacity).to.equal(6)
    })

    it('copies what can be iterated', () => {
      expect([...new ByteSpan([1, 2, 257])]).to.deep.equal([1, 2, 1])
      expect(new ByteSpan(new Set([5, 6])).capacity).to.equal(2)
      expect(ByteSpan.from([1, 2])).to.be.instanceOf(ByteSpan)
      expect(ByteSpan.of(1, 2, 3)).to.have.property('capacity', 3)
    })

    it('names the argument at fault', () => {
      for (const bad of [-1, 1.5, NaN, Infinity, 2 ** 60]) {
        refuses('length', () => new ByteSpan(bad))
        refuses('capacity', () => new ByteSpan(0, bad))
      }
      refuses('capacity', () => new ByteSpan(3, 2))
      refuses('capacity', () => new ByteSpan(3, wrong('4')))
      for (const bad of ['3', true, null, undefined, Symbol('s')]) refuses('length', () => new ByteSpan(wrong(bad)))
      const memory = new ArrayBuffer(4)
      refuses('byteOffset', () => new ByteSpan(memory, 5))
      refuses('byteOffset', () => new ByteSpan(memory, -1))
      refuses('length', () => new ByteSpan(memory, 2, 3))
      refuses('capacity', () => new ByteSpan(memory, 2, 1, 3))
      refuses('capacity', () => new ByteSpan(memory, 0, 2, 1))
    })
  })

  describe('parts', () => {
    it('share memory and keep the capacity behind them', () => {
      const span = text('hello')
      const part = span.sub(1, 3)
      expect(String(part)).to.equal('el')
      expect(part.capacity).to.equal(4)
      part[0] = 0x45
      expect(String(span)).to.equal('hEllo')
      expect(String(part.sub(0, 4))).to.equal('Ello')
      expect(String(span.first(2)) + String(span.last(2))).to.equal('hElo')
      expect([span.first(2).capacity, span.last(2).capacity]).to.deep.equal([5, 2])
      expect(span.sub().length).to.equal(5)
      expect(span.sub(5).length).to.equal(0)
      expect(new ByteSpan(1, 5).sub(0, 5).length).to.equal(5)
      expect(new ByteSpan(1, 5).sub(3, 5).capacity).to.equal(2)
    })

    it('are strict about ranges', () => {
      const span = new ByteSpan(3, 5)
      refuses('start', () => span.sub(-1))
      refuses('start', () => span.sub(4))
      refuses('start', () => span.sub(2, 1))
      refuses('start', () => span.sub(0.5))
      refuses('start', () => span.sub(wrong('1')))
      refuses('end', () => span.sub(0, 6))
      refuses('end', () => span.sub(0, -1))
      refuses('end', () => span.sub(0, NaN))
      for (const bad of [-1, 4, 0.5, '1', undefined]) {
        refuses('count', () => span.first(wrong(bad)))
        refuses('count', () => span.last(wrong(bad)))
      }
    })

    it('come from the methods of Uint8Array too, with the right capacity', () => {
      const span = new ByteSpan(4, 8).fill(7)
      expect(span).to.be.instanceOf(ByteSpan)
      expect(span.subarray(1, 3)).to.be.instanceOf(ByteSpan).with.property('capacity', 7)
      expect(span.subarray(-1).capacity).to.equal(5)
      expect(span.subarray(9).capacity).to.equal(4)
      expect(span.subarray(1).append('x').buffer).to.equal(span.buffer)
      const copy = span.slice(1)
      expect(copy).to.be.instanceOf(ByteSpan).with.property('capacity', 3)
      expect(copy.buffer).not.to.equal(span.buffer)
      expect(span.map(byte => byte + 1)).to.be.instanceOf(ByteSpan).with.property('capacity', 4)
      expect(span.filter((_, i) => i > 1)).to.be.instanceOf(ByteSpan).with.length(2)
      expect(Buffer.from(span.buffer, span.byteOffset, span.length).equals(span)).to.equal(true)
      expect(structuredClone(span)).to.deep.equal(Uint8Array.of(7, 7, 7, 7))
    })
  })

  describe('copy', () => {
    it('copies what fits, overlapping or not', () => {
      const span = text('abcdef')
      expect([span.copy('XY'), String(span)]).to.deep.equal([2, 'XYcdef'])
      expect([span.copy('0123456789'), String(span)]).to.deep.equal([6, '012345'])
      expect([span.sub(1).copy(span), String(span)]).to.deep.equal([5, '001234'])
      expect([span.copy(span.sub(1)), String(span)]).to.deep.equal([5, '012344'])
      expect(span.sub(0, 0).copy('zzz')).to.equal(0)
      expect(span.copy(new Uint8Array(2))).to.equal(2)
    })

    it('refuses what is no bytes', () => {
      for (const bad of [1, null, undefined, [1], new ArrayBuffer(1)]) refuses('source', () => text('a').copy(wrong(bad)))
    })
  })

  describe('append', () => {
    it('writes in place while the capacity suffices', () => {
      const room = new ByteSpan(1, 6)
      room.copy('f')
      const first = room.append('oo')
      expect(String(room.sub(0, 3))).to.equal('foo')
      const second = room.append('ab', null, text('c'), undefined)
      expect([String(second), String(first)]).to.deep.equal(['fabc', 'fab'])
      expect([first.capacity, second.capacity]).to.deep.equal([6, 6])
      const moved = room.append('way too long')
      moved[0] = 0x46
      expect([String(moved), String(room)]).to.deep.equal(['Fway too long', 'f'])
    })

    it('has a static form that always copies', () => {
      const span = text('abc')
      const copy = ByteSpan.append(span)
      copy[0] = 0x41
      expect([String(span), String(copy)]).to.deep.equal(['abc', 'Abc'])
      expect(ByteSpan.append().length).to.equal(0)
      expect(String(ByteSpan.append(null, 'a', undefined, text('b'), new Uint8Array([0x63])))).to.equal('abc')
    })

    it('moves a growing span rarely', () => {
      let span = new ByteSpan(0)
      let moves = 0
      for (let i = 0; i < 10000; i++) {
        const before = span.buffer
        span = span.append(Uint8Array.of(i))
        if (span.buffer !== before) moves++
      }
      expect(span.every((byte, i) => byte === i % 256)).to.equal(true)
      expect(moves).to.be.below(40)
    })

    it('takes strings as UTF-8', () => {
      for (const string of ['é', '日本', '🙂', 'a\0b', '\ufeffbom', '']) {
        expect(String(ByteSpan.append('<', string, '>'))).to.equal(`<${string}>`)
        expect(String(new ByteSpan(0, 20).append(string))).to.equal(string)
      }
      expect(String(ByteSpan.append('\ud800', 'x'))).to.equal('\ufffdx')
      expect(String(new ByteSpan([0xff]))).to.equal('\ufffd')
    })

    it('refuses what is no bytes, and then changes nothing', () => {
      const room = new ByteSpan(0, 4)
      for (const bad of [1, [], {}, true]) {
        refuses('pieces', () => room.append('ab', wrong(bad)))
        refuses('pieces', () => ByteSpan.append(wrong(bad)))
      }
      expect([...room.sub(0, 4)]).to.deep.equal([0, 0, 0, 0])
    })
  })

  describe('searching', () => {
    const line = text(' long long int;')

    it('finds from either end', () => {
      expect([line.find('long'), line.find('long', 2), line.find('zzz'), line.find(text('int'))]).to.deep.equal([1, 6, -1, 11])
      expect([line.rfind('long'), line.rfind('long', 5), line.rfind('l'), line.rfind('q')]).to.deep.equal([6, 1, 6, -1])
      expect([line.rfind('long', 6), line.rfind('long', 0), line.rfind('long', 100)]).to.deep.equal([6, -1, 6])
      expect([line.find(''), line.find('', 15), line.find('', 16), line.rfind(''), line.rfind('', 3)]).to.deep.equal([0, 15, -1, 15, 3])
      expect([line.find(' long long int;!'), line.rfind(' long long int;!'), line.find('l', 100)]).to.deep.equal([-1, -1, -1])
      expect(text('añb').find('ñ')).to.equal(1)
      expect(line.find(byte => byte > 0x6c)).to.equal(0x6f)
      expect(line.find(byte => byte > 200)).to.equal(undefined)
    })

    it('does not look beyond the length', () => {
      const short = text('ababab').first(3)
      expect([short.rfind('ab'), short.rfind('b'), short.find('ab', 1), short.findLastOf('b')]).to.deep.equal([0, 1, -1, 1])
    })

    it('finds sets of bytes', () => {
      expect([line.findFirstOf('tn'), line.findFirstOf('tn', 5), line.findFirstOf('XYZ')]).to.deep.equal([3, 8, -1])
      expect([line.findLastOf('lo'), line.findLastOf('lo', 5), line.findLastOf('XYZ')]).to.deep.equal([7, 2, -1])
      const letters = text('BCDEF')
      expect([letters.findFirstNotOf('ABC'), letters.findFirstNotOf('D', 2), letters.findFirstNotOf('BCDEF')]).to.deep.equal([2, 3, -1])
      expect([letters.findLastNotOf('DEF'), text('ABBA').findLastNotOf('A', 1), letters.findLastNotOf('BCDEF')]).to.deep.equal([1, 1, -1])
      expect([letters.findFirstOf(''), letters.findFirstNotOf(''), letters.findLastOf(''), letters.findLastNotOf('')]).to.deep.equal([-1, 0, -1, 4])
      expect([letters.findFirstOf('B', 100), letters.findLastOf('B', 100), new ByteSpan(0).findLastNotOf('a')]).to.deep.equal([-1, 0, -1])
      // A set is forgotten after its search.
      expect(letters.findFirstOf('F')).to.equal(4)
    })

    it('compares both ends', () => {
      const letters = text('BCDEF')
      expect([letters.startsWith('BC'), letters.startsWith('C'), letters.startsWith('')]).to.deep.equal([true, false, true])
      expect([letters.endsWith('EF'), letters.endsWith('XBCDEF'), letters.endsWith(text('F')), letters.endsWith('')]).to.deep.equal([true, false, true, true])
    })

    it('trims without copying', () => {
      const padded = text(' \t\r\n\f\v x y \n')
      const trimmed = padded.trimmed()
      expect(String(trimmed)).to.equal('x y')
      expect(trimmed.buffer).to.equal(padded.buffer)
      expect(String(text('--a-b--').trimmed('-'))).to.equal('a-b')
      expect(text('   ').trimmed().length).to.equal(0)
      expect(new ByteSpan(0).trimmed().length).to.equal(0)
    })

    it('names the argument at fault', () => {
      for (const bad of [-1, 0.5, NaN, '1', null]) {
        refuses('start', () => line.find('a', wrong(bad)))
        refuses('end', () => line.rfind('a', wrong(bad)))
        refuses('start', () => line.findFirstOf('a', wrong(bad)))
        refuses('end', () => line.findLastNotOf('a', wrong(bad)))
      }
      for (const bad of [1, null, undefined, ['a']]) {
        refuses('target', () => line.find(wrong(bad)))
        refuses('target', () => line.rfind(wrong(bad)))
        refuses('bytes', () => line.findLastOf(wrong(bad)))
        refuses('bytes', () => line.findFirstNotOf(wrong(bad)))
        refuses('prefix', () => line.startsWith(wrong(bad)))
        refuses('suffix', () => line.endsWith(wrong(bad)))
      }
      refuses('lws', () => line.trimmed(wrong(1)))
    })

    it('agrees with strings on random input', () => {
      let state = 20240229
      const random = (n: number) => (state = state * 16807 % 2147483647) % n
      const word = (longest: number) => Array.from({ length: random(longest + 1) }, () => 'abc'[random(3)]).join('')
      for (let round = 0; round < 5000; round++) {
        const s = word(20)
        const t = word(4)
        const at = random(22)
        const span = text(s)
        expect(span.find(t, at)).to.equal(at > s.length ? -1 : s.indexOf(t, at), `find ${s} ${t} ${at}`)
        expect(span.rfind(t, at)).to.equal(s.lastIndexOf(t, at), `rfind ${s} ${t} ${at}`)
        expect(span.findFirstOf(t, at)).to.equal([...s].findIndex((c, i) => i >= at && t.includes(c)), `of ${s} ${t} ${at}`)
        expect(span.findLastNotOf(t, at)).to.equal([...s].findLastIndex((c, i) => i <= at && !t.includes(c)), `not of ${s} ${t} ${at}`)
        expect(span.startsWith(t)).to.equal(s.startsWith(t))
        expect(span.endsWith(t)).to.equal(s.endsWith(t))
      }
    })
  })

  it('changes the case of ASCII and of nothing else', () => {
    const span = text('MiXeD 123 É@[`{')
    span.inplaceLower()
    expect(String(span)).to.equal('mixed 123 É@[`{')
    span.sub(0, 5).inplaceUpper()
    expect(String(span)).to.equal('MIXED 123 É@[`{')
  })

  it('equals any array of the same bytes', () => {
    expect(text('ab').equals(text('ab'))).to.equal(true)
    expect(text('ab').equals(Buffer.from('ab'))).to.equal(true)
    expect(text('ab').equals(text('ac'))).to.equal(false)
    expect(text('ab').equals(text('abc').first(1))).to.equal(false)
    expect(text('ab').equals('ab')).to.equal(false)
    expect(text('ab').equals(null)).to.equal(false)
    expect(new ByteSpan(2, 9).equals(new ByteSpan(2))).to.equal(true)
  })
})
