// SPDX-License-Identifier: MIT OR BSL-1.0
import { Address, tcp } from '@emilua/ip'
import { EmiluaError, handleOf, natives, wireOf } from '@emilua/native'
import { SteadyTimer } from '@emilua/time'
import assert from 'node:assert/strict'
import { expect } from 'chai'
import { run } from './child.js'

const n = natives('ip')

function thrown (f: () => unknown): EmiluaError {
  try {
    f()
  } catch (error) {
    expect(error).to.be.instanceOf(EmiluaError)
    return error as EmiluaError
  }
  throw new Error('nothing was thrown')
}

function getter (prototype: object, name: string): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(prototype, name)!.get!
}

describe('native objects', function () {
  this.timeout(40_000)

  it('are instances of the class that is registered, wherever they come from', async () => {
    const acceptor = await tcp.listen('127.0.0.1:0')
    const [client, server] = await Promise.all([tcp.dial(`127.0.0.1:${acceptor.localPort}`), acceptor.accept()])
    for (const socket of [client, server, new tcp.Socket()]) {
      expect(socket).to.be.instanceOf(tcp.Socket)
      socket.close()
      socket.close()
    }
    acceptor.close()
    expect(server.isOpen).to.equal(false)
  })

  it('show nothing of what they hold, but for what they are compared by', () => {
    expect(Reflect.ownKeys(new tcp.Socket()).map(String)).to.deep.equal(['Symbol(emilua.core)'])
    expect(Reflect.ownKeys(new Address('::1')).map(String)).to.have.members(['wire', 'Symbol(emilua.core)'])
  })

  it('are equal to nothing but themselves, also when they are closed', () => {
    const [one, other] = [new tcp.Socket(), new tcp.Socket()]
    for (const close of [false, true]) {
      if (close) { one.close(); other.close() }
      assert.deepStrictEqual(one, one)
      assert.notDeepStrictEqual(one, other)
      expect(one).to.deep.equal(one)
      expect(one).to.not.deep.equal(other)
      expect({ socket: one }).to.not.deep.equal({ socket: other })
    }
    expect(Object.keys(one)).to.deep.equal([])
    expect(JSON.stringify(one)).to.equal('{}')
  })

  it('are refused as receivers of another class, and so is everything else', async () => {
    const isOpen = getter(tcp.Socket.prototype, 'isOpen')
    for (const wrong of [new SteadyTimer(), new Address(), {}, 1, 'x', null, undefined, Object.create(tcp.Socket.prototype)]) {
      expect(thrown(() => isOpen.call(wrong)), String(wrong)).to.include({ code: 'EINVAL', arg: 'this' })
      const rejected = await tcp.Socket.prototype.readSome.call(wrong as tcp.Socket, new Uint8Array(1)).then(() => null, e => e as unknown)
      expect(rejected).to.include({ code: 'EINVAL', arg: 'this' })
    }
    expect(thrown(() => getter(Address.prototype, 'isV4').call(new tcp.Socket()))).to.include({ code: 'EINVAL', arg: 'this' })
  })

  it('are refused as arguments of another class', () => {
    const socket = new tcp.Socket()
    for (const wrong of [new tcp.Socket(), new SteadyTimer(), {}, [], null]) {
      expect(thrown(() => { socket.bind(wrong as unknown as Address, 0) })).to.include({ code: 'EINVAL', arg: 'addr' })
    }
  })

  it('do not answer to numbers that were made up', () => {
    const real = handleOf(new tcp.Socket())
    for (const handle of [0, -1, real + 1, real ^ (1 << 22), 2 ** 31 - 1, -(2 ** 31), 0.5, NaN, 2 ** 40, '1', {}, undefined]) {
      expect(thrown(() => n['tcp.socket.is_open'](handle)), String(handle)).to.include({ code: 'EINVAL', arg: 'this' })
    }
  })

  it('values are their wire primitive, and compare', () => {
    expect(wireOf(new Address('127.0.0.1'))).to.equal('127.0.0.1')
    expect(wireOf(new tcp.Socket())).to.equal(undefined)
    expect(n['address.__eq'](wireOf(new Address('::1')), Address.loopbackV6())).to.equal(true)
  })

  it('are destroyed after their instance was collected', () => {
    const { out, err } = run(
      'const collect = async () => { for (let i = 0; i < 10; i++) { gc(); await turn() } }',
      'await pair()', 'await collect()', 'const before = descriptors()',
      'await (async () => { for (let i = 0; i < 20; i++) await pair() })()', 'const during = descriptors()',
      'await collect()', 'print([during - before > 20, descriptors() - before <= 3])')
    expect({ out, err }).to.deep.equal({ out: '[true,true]\n', err: '' })
  })

  it('that an iterator gave are destroyed together, and one alone keeps the others', () => {
    const { out, err } = run(
      "import { directoryIterator } from '@emilua/filesystem'", "import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'",
      "import { handleOf } from '@emilua/native'", "const folder = mkdtempSync('/tmp/emilua-entries-')",
      "for (let i = 0; i < 500; i++) writeFileSync(folder + '/' + i, '')",
      'const kept = [], places = new Set()',
      'for (let walk = 0; walk < 20; walk++) {',
      '  let n = 0',
      '  for await (const entry of directoryIterator(folder)) {',
      '    places.add(handleOf(entry) & 0x3fffff)',
      '    if (n++ === 250) kept.push(entry)',
      '  }',
      '  for (let i = 0; i < 3; i++) { gc(); await turn() }',
      '}',
      // The place of an object that is gone is taken again.
      'print([places.size < 5000, new Set(kept.map(entry => entry.path.filename)).size > 0, kept.every(entry => entry.fileSize === 0)])',
      'rmSync(folder, { recursive: true })')
    expect({ out, err }).to.deep.equal({ out: '[true,true,true]\n', err: '' })
  })

  it('that are closed for good are destroyed together, and stay closed until then', () => {
    const { out, err } = run(
      "import { directoryIterator } from '@emilua/filesystem'", "import * as pipe from '@emilua/pipe'",
      "import { handleOf } from '@emilua/native'", 'const kept = [], places = new Set()',
      'for (let round = 0; round < 20; round++) {',
      '  for (let i = 0; i < 100; i++) {',
      '    const [reader, writer] = pipe.pair()', '    writer.close()', '    const fd = Object.freeze(reader.release())',
      '    places.add(handleOf(fd) & 0x3fffff)', '    fd.close()', '    fd.close()', '    if (i === 50) kept.push(fd)',
      "    const walk = directoryIterator('/')", '    places.add(handleOf(walk) & 0x3fffff)', '    walk.close()',
      '  }',
      '  for (let i = 0; i < 3; i++) { gc(); await turn() }',
      '}',
      'const codes = new Set()', 'for (const fd of kept) try { fd.type } catch (error) { codes.add(error.code) }',
      'print([kept.length, [...codes], new Set(kept.map(handleOf)).size, places.size < 3000])')
    expect({ out, err }).to.deep.equal({ out: '[20,["EBADF"],20,true]\n', err: '' })
  })

  it('live as long as an operation on them is pending', () => {
    const { out, err } = run(
      'const { client, read } = await (async () => {',
      '  const { acceptor, client, server } = await pair()',
      '  acceptor.close()',
      '  const buffer = new Uint8Array(8)',
      '  return { client, read: server.readSome(buffer).then(n => [n, buffer[0]]) }',
      '})()',
      'for (let i = 0; i < 10; i++) { gc(); await turn() }',
      'await client.writeSome(Uint8Array.of(42))', 'print(await read)')
    expect({ out, err }).to.deep.equal({ out: '[1,42]\n', err: '' })
  })

  it('may be closed and collected while they are waited for', () => {
    const { out, err } = run(
      'const codes = []',
      'await (async () => { for (let i = 0; i < 50; i++) {',
      '  const { acceptor, server, client } = await pair()',
      '  server.readSome(new Uint8Array(8)).catch(error => codes.push(error.code))',
      '  for (const object of [acceptor, server, client]) object.close()',
      '} })()',
      'for (let i = 0; i < 10; i++) { gc(); await turn() }',
      'print([codes.length, new Set(codes).size, codes[0]])')
    expect({ out, err }).to.deep.equal({ out: '[50,1,"ECANCELED"]\n', err: '' })
  })
})
