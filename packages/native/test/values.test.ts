// SPDX-License-Identifier: MIT OR BSL-1.0
import assert from 'node:assert'
import { inspect } from 'node:util'
import { Path } from '@emilua/filesystem'
import { Address, tcp, udp } from '@emilua/ip'
import { NativeValue } from '@emilua/native'
import { pair } from '@emilua/pipe'
import { highResolutionClock, steadyClock, SteadyTimer, systemClock } from '@emilua/time'
import { expect } from 'chai'

/** Of each class: its name, one value, the same again, another one, the text of the first. */
const values: [string, NativeValue, NativeValue, NativeValue, string][] = [
  ['Address', new Address('192.0.2.1'), new Address('192.0.2.1'), new Address('192.0.2.2'), '192.0.2.1'],
  ['Path', new Path('/tmp/x'), new Path('/tmp/x'), new Path('/tmp/y'), '/tmp/x'],
  ['Path', Path.fromBytes(Uint8Array.of(47, 255)), Path.fromBytes(Uint8Array.of(47, 255)),
    Path.fromBytes(Uint8Array.of(47, 254)), '/\ufffd'],
  ['TimePoint', systemClock.epoch(), systemClock.epoch().add(1).sub(1), systemClock.epoch().add(1e-9),
    '1970-01-01T00:00:00.000000000Z'],
  ['TimePoint', steadyClock.epoch().sub(1.5), steadyClock.epoch().sub(1.5), steadyClock.epoch(), '-1.500000000s'],
  ['TimePoint', highResolutionClock.epoch().add(1.5), highResolutionClock.epoch().add(1.5),
    highResolutionClock.epoch(), '1.500000000s']
]

describe('values', () => {
  for (const [name, one, same, other, text] of values) {
    describe(`${name} ${text}`, () => {
      it('prints as its text', () => {
        expect(inspect(one)).to.equal(`${name} ${inspect(text)}`)
        expect(inspect({ list: [one] })).to.equal(`{ list: [ ${name} ${inspect(text)} ] }`)
        expect(String(one)).to.equal(text)
      })

      it('serialises as its text', () => {
        expect(JSON.stringify({ one })).to.equal(JSON.stringify({ one: text }))
      })

      it('is deeply equal to the same and to no other', () => {
        assert.deepStrictEqual({ one }, { one: same })
        assert.notDeepStrictEqual({ one }, { one: other })
        // The loose form, which skips symbols.
        assert.notDeepEqual({ one }, { one: other })
        expect({ one }).to.deep.equal({ one: same })
        expect({ one }).to.not.deep.equal({ one: other })
      })
    })
  }

  it('differ between classes of one text', () => {
    assert.notDeepStrictEqual(steadyClock.epoch(), highResolutionClock.epoch())
    assert.notDeepStrictEqual(new Path('::1'), new Address('::1'))
  })

  it('print even where there is no value', () => {
    expect(inspect(Object.create(Address.prototype))).to.equal('Address {}')
    expect(() => inspect(Address.prototype)).to.not.throw()
  })

  it('print for who calls their method with no function to print with, as Chai does', () => {
    expect(() => expect(new Address('::1')).to.equal(1)).to.throw("expected Address '::1' to equal 1")
    expect(() => expect(new udp.Socket()).to.equal(1)).to.throw('expected Socket { isOpen: false } to equal 1')
  })
})

describe('objects', () => {
  it('print what their properties say, and closed ones that they are', async () => {
    const acceptor = await tcp.listen('127.0.0.1:0')
    const [client, server] = await Promise.all([tcp.dial(`127.0.0.1:${acceptor.localPort}`), acceptor.accept()])
    expect(inspect(acceptor, { breakLength: Infinity }))
      .to.equal(`Acceptor { isOpen: true, localAddress: Address '127.0.0.1', localPort: ${acceptor.localPort} }`)
    expect(inspect(client)).to.match(/^Socket \{/).and.include('isOpen: true')
      .and.include(`localPort: ${client.localPort}`).and.include(`remotePort: ${acceptor.localPort}`)
    for (const object of [acceptor, client, server]) {
      object.close()
      expect(inspect(object)).to.equal(`${object.constructor.name} { isOpen: false }`)
    }
  })

  it('print the descriptor, before and after it was closed', () => {
    const [read, write] = pair()
    const fd = read.release()
    write.close()
    expect(inspect(fd)).to.match(/^FileDescriptor '\/dev\/fd\/\d+' \{ .*type: /s)
    fd.close()
    expect(inspect(fd)).to.match(/^FileDescriptor 'closed file descriptor'/)
    expect(inspect(read)).to.equal('ReadStream { isOpen: false }')
  })

  it('print shortly where they lie deep', () => {
    expect(inspect([[[new udp.Socket()]]])).to.equal('[ [ [ [Socket] ] ] ]')
    expect(inspect([[new udp.Socket()]])).to.equal('[ [ Socket { isOpen: false } ] ]')
  })

  it('print without starting anything', () => {
    expect(inspect(new SteadyTimer())).to.equal("SteadyTimer { expiry: TimePoint '0.000000000s' }")
    expect(process.getActiveResourcesInfo().filter(name => name.startsWith('emilua'))).to.deep.equal([])
  })

  it('print even where there is none', () => {
    for (const { prototype } of [tcp.Socket, tcp.Acceptor, udp.Socket, SteadyTimer]) {
      expect(() => inspect(prototype)).to.not.throw()
      expect(inspect(Object.create(prototype))).to.equal(`${prototype.constructor.name} {}`)
    }
  })
})
