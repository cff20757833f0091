// SPDX-License-Identifier: MIT OR BSL-1.0
import { constants } from 'node:os'
import { inspect } from 'node:util'
import { asioError, EmiluaError, errorCategory, genericError, invalidArgument, isEof } from '@emilua/errors'
import { Address, tcp } from '@emilua/ip'
import { expect } from 'chai'

describe('errors', () => {
  const system = (errno: number, details?: object): EmiluaError => new EmiluaError(errorCategory('system'), errno, details)

  it('are Errors that say where they come from', () => {
    const error = system(98, { syscall: 'bind', cause: 'why' })
    expect(error).to.be.instanceOf(Error).and.to.include({ name: 'EmiluaError', code: 'EADDRINUSE', errno: 98, syscall: 'bind', cause: 'why' })
    expect(String(error)).to.equal('EmiluaError: bind: Address already in use')
    expect(error.stack).to.include('errors.test.ts')
    expect(`${error.category} ${error.category.message(2)}`).to.equal('system No such file or directory')
    for (const wrong of [1e10, 2 ** 31, NaN, 1.5, '2' as never]) {
      expect(() => error.category.message(wrong)).to.throw('errno: Expected an integer of 32 bits').that.includes({ code: 'EINVAL', arg: 'errno' })
    }
  })

  it('take the words they are given', () => {
    expect(system(22, { message: 'No', arg: 'x' }).message).to.equal('x: No')
    expect(new EmiluaError(errorCategory('mine'), 7, { code: 'SEVEN', message: 'seven' })).to.include({ code: 'SEVEN', message: 'seven' })
  })

  it('know no category that nobody defined', () => {
    expect(() => new EmiluaError(errorCategory('mine'), 7)).to.throw(EmiluaError).with.property('code', 'NOT_AVAILABLE')
  })

  it('are equal by number and category, whatever else they say', () => {
    expect(system(98, { syscall: 'bind' }).equals(system(98, { arg: 'x' }))).to.equal(true)
    for (const other of [system(99), genericError.EADDRINUSE, new Error('x'), 98, null, { errno: 98, category: errorCategory('system') }]) {
      expect(system(98).equals(other)).to.equal(false)
    }
  })

  it('compare with the portable ones through toGeneric', () => {
    const error = system(98, { syscall: 'bind', arg: 'port' })
    const generic = error.toGeneric()
    expect(generic.equals(genericError.EADDRINUSE)).to.equal(true)
    expect(generic).to.include({ syscall: 'bind', arg: 'port', cause: error })
    expect(generic.toGeneric()).to.equal(generic)
    const eof = asioError.misc.eof
    expect(eof.toGeneric()).to.equal(eof)
  })

  it('have a table of the portable ones, a new error at each access', () => {
    const { EINVAL } = genericError
    expect(EINVAL).to.not.equal(genericError.EINVAL)
    expect(EINVAL.equals(genericError.EINVAL)).to.equal(true)
    EINVAL.arg = 'x'
    expect(genericError.EINVAL.arg).to.equal(undefined)
    const known = constants.errno as Record<string, number>
    for (const [name, error] of Object.entries(genericError)) {
      expect(String(error.category), name).to.equal('generic')
      if (name in known) expect(error.errno, name).to.equal(known[name])
    }
    expect(genericError.ENOPROTOPT.equals(genericError.ENOPROTOOPT)).to.equal(true)
    expect(genericError.ESPIPE.errno).to.equal(29)
  })

  it('have a table of those of the network', () => {
    for (const [group, errors] of Object.entries(asioError)) {
      for (const [name, error] of Object.entries(errors)) {
        expect(error, `${group}.${name}`).to.be.instanceOf(EmiluaError)
        expect(error.code, `${group}.${name}`).to.match(/^[A-Z][A-Z0-9_]+$/)
      }
    }
    expect(String(asioError.misc.eof.category)).to.equal('asio.misc')
    expect(asioError.misc.eof.code).to.equal('EOF')
    expect(asioError.netdb.hostNotFound.code).to.equal('HOST_NOT_FOUND')
    expect(asioError.basic.operationAborted.equals(system(constants.errno.ECANCELED))).to.equal(true)
  })

  it('cannot be changed as tables', () => {
    expect(() => { (asioError as { misc: unknown }).misc = {} }).to.throw(TypeError)
    expect(() => { (genericError as unknown as Record<string, unknown>)['EINVAL'] = 1 }).to.throw(TypeError)
  })

  it('refuse a name that is misspelt, which would equal nothing', () => {
    const any = (object: object): Record<string, EmiluaError> => object as Record<string, EmiluaError>
    const cases: [() => unknown, string][] = [
      [() => any(genericError)['ECONREFUSED'], "genericError has no error 'ECONREFUSED'; is it 'ECONNREFUSED' that is meant?"],
      [() => any(genericError)['ENOTHING_LIKE_IT'], "genericError has no error 'ENOTHING_LIKE_IT'"],
      [() => any(asioError.misc)['eoff'], "asioError.misc has no error 'eoff'; is it 'eof' that is meant?"],
      [() => any(asioError)['mics'], "asioError has no error 'mics'; is it 'misc' that is meant?"],
      [() => genericError.ENOENT.equals(any(genericError)['ENOEN']), "genericError has no error 'ENOEN'; is it 'ENOENT' that is meant?"]
    ]
    for (const [get, message] of cases) expect(get).to.throw(EmiluaError, message).with.property('code', 'EINVAL')
  })

  it('are asked by others what they are', async () => {
    expect(await Promise.resolve(genericError)).to.equal(genericError)
    expect('ENOENT' in genericError && !('ENOENTT' in genericError)).to.equal(true)
    expect(inspect(asioError.netdb)).to.include('hostNotFound')
    expect(Object.prototype.toString.call(asioError)).to.equal('[object Object]')
    expect(JSON.parse(JSON.stringify(asioError.misc))).to.have.keys('alreadyOpen', 'eof', 'fdSetFailure', 'notFound')
    expect(genericError.hasOwnProperty('ENOENT')).to.equal(true) // eslint-disable-line no-prototype-builtins
  })

  it('know the end of a stream', async () => {
    expect([asioError.misc.eof, asioError.misc.notFound, new Error('EOF'), undefined].map(isEof)).to.deep.equal([true, false, false, false])
    await using acceptor = await tcp.listen('127.0.0.1:0')
    const [client, server] = await Promise.all([tcp.dial(`127.0.0.1:${acceptor.localPort}`), acceptor.accept()])
    client.close()
    expect(isEof(await server.readSome(new Uint8Array(1)).catch((error: unknown) => error))).to.equal(true)
    server.close()
  })

  it('name the bad argument as the native core does', () => {
    const made = invalidArgument('str', 'Expected an address')
    expect(made).to.include({ code: 'EINVAL', errno: 22, arg: 'str', message: 'str: Expected an address' })
    try {
      new Address('300.1.1.1')
    } catch (error) {
      expect((error as EmiluaError).equals(made)).to.equal(true)
      return
    }
    throw new Error('nothing was thrown')
  })
})
