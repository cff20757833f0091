// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { captures, groups, match, occurrences, patsplit, Regex, search, split } from '@emilua/regex'

const ecma = (pattern: string): Regex => new Regex({ pattern, grammar: 'ecma' })
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
const text = (part: Uint8Array | undefined): string | undefined => part && Buffer.from(part).toString()

describe('regex', () => {
  it('matches a whole text in three grammars', () => {
    expect(match(new Regex({ pattern: '([a-z]+)=([0-9]+)', grammar: 'extended' }), 'key=42')).to.deep.equal(['key', '42'])
    expect(match(new Regex({ pattern: '\\(a*\\)b', grammar: 'basic' }), 'aaab')).to.deep.equal(['aaa'])
    expect(match(ecma('\\d+'), '2024')).to.deep.equal(['2024'])
    expect(match(ecma('\\d+'), '2024 ')).to.equal(undefined)
    expect(match(ecma('(a)?(b)'), 'b')).to.deep.equal([undefined, 'b'])
    expect(match(new Regex({ pattern: '(A)b', grammar: 'ecma', ignoreCase: true, nosubs: true, optimize: true }), 'aB')).to.deep.equal(['aB'])
    // The longest of all alternatives, or the first that fits.
    const either = 'x|xy'
    expect(search(new Regex({ pattern: either, grammar: 'extended' }), 'xy')[0]).to.deep.equal({ start: 0, end: 2 })
    expect(search(ecma(either), 'xy')[0]).to.deep.equal({ start: 0, end: 1 })
  })

  it('gives as many groups as there are, the same of strings and of bytes', () => {
    const many = ecma('(a)?(x)'.repeat(60))
    const expected = Array.from({ length: 120 }, (_, i) => i % 2 === 0 ? undefined : 'x')
    expect(match(many, 'x'.repeat(60))).to.deep.equal(expected)
    expect(match(many, bytes('x'.repeat(60)))!.map(text)).to.deep.equal(expected)
    expect(groups(ecma('((?:ä)+)(.*)'), 'ää\0ö')).to.deep.equal(['ää', '\0ö'])
    expect(groups(ecma('b'), 'a')).to.equal(undefined)
    expect(match(ecma('a*'), '')).to.deep.equal([''])
    expect(match(ecma('(a*)'), bytes(''))!.map(text)).to.deep.equal([''])
  })

  it('says where matches are, in characters of strings and in bytes', () => {
    const re = ecma('(?<word>w\\w+)(!)?')
    expect(search(re, 'dä world')).to.deep.equal({
      empty: false, 0: { start: 3, end: 8 }, 1: { start: 3, end: 8 }, groups: { word: { start: 3, end: 8 } }
    })
    expect(search(re, bytes('dä world'))[0]).to.deep.equal({ start: 4, end: 9 })
    expect(search(re, 'nothing')).to.deep.equal({ empty: true, groups: {} })
    expect(re.groupNames).to.deep.equal({ word: 1 })
  })

  it('splits, and takes what matches', () => {
    const comma = ecma(', *')
    expect(split(comma, 'ä, ö,,ü')).to.deep.equal(['ä', 'ö', '', 'ü'])
    expect(split(comma, '')).to.deep.equal([])
    expect(split(ecma('x*'), 'abc')).to.deep.equal(['abc'])
    expect(patsplit(ecma('ä|ö'), 'aäbö')).to.deep.equal(['ä', 'ö'])
    const data = bytes('one,two')
    const parts = split(comma, data)
    expect(parts.map(text)).to.deep.equal(['one', 'two'])
    expect(parts[1]!.buffer).to.equal(data.buffer)
    expect(patsplit(ecma('^a'), 'aaa')).to.deep.equal(['a'])
  })

  it('looks back before the start', () => {
    expect(captures(ecma('(?<=a)b'), 'ab', false, 1)).to.deep.equal([1, 2])
    expect(captures(ecma('^b'), 'ab', false, 1)).to.equal(undefined)
    expect(captures(ecma('b'), 'ab', true, 1)).to.deep.equal([1, 2])
    expect(occurrences(ecma('\\bb'), 'ab b')).to.deep.equal([3, 4])
    expect(() => captures(ecma('b'), 'ab', false, 3)).to.throw().that.includes({ code: 'EINVAL', arg: 'start' })
  })

  it('says what is wrong with a pattern, and with a grammar', () => {
    expect(() => ecma('a(b')).to.throw('options.pattern: Expected a regular expression, not "a(b": wrong at character 4').that.includes({ code: 'EINVAL', arg: 'options.pattern' })
    expect(() => new Regex({ pattern: 'a', grammar: 'klingon' as 'ecma' })).to.throw().that.includes({ arg: 'options.grammar' })
    expect(() => new Regex({ pattern: 'a' } as never)).to.throw().that.includes({ arg: 'options.grammar' })
  })

  // The most memory that the process has meanwhile is what it had.
  it('looks at bytes where they are', () => {
    const size = 64 << 20
    const subject = Buffer.alloc(size, 'a')
    subject.write('needle', size - 6)
    const memory = (which: 'VmRSS' | 'VmHWM'): number => Number(new RegExp(`${which}:\\s*(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024
    search(ecma('needle'), bytes('needle'))
    writeFileSync('/proc/self/clear_refs', '5')
    const before = memory('VmRSS')
    expect(search(ecma('needle'), subject)[0]).to.deep.equal({ start: size - 6, end: size })
    expect(match(ecma('a*(needle)'), subject)!.map(text)).to.deep.equal(['needle'])
    expect(patsplit(ecma('needle'), subject).map(text)).to.deep.equal(['needle'])
    expect(memory('VmHWM') - before).to.be.below(32)
  })

  it('gives up on a pattern that would take for ever', () => {
    expect(() => match(ecma('(a+)+b'), 'a'.repeat(40))).to.throw().that.includes({ code: 'EOVERFLOW' })
    expect(() => patsplit(ecma('(a|aa)+$'), 'a'.repeat(60) + 'b')).to.throw().that.includes({ code: 'EOVERFLOW' })
  })
})
