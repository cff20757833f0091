// SPDX-License-Identifier: MIT OR BSL-1.0
import { inspect } from 'node:util'
import { EmiluaError, errorCategory } from '@emilua/errors'
import { rename, space } from '@emilua/filesystem'
import { Address, tcp, udp } from '@emilua/ip'
import { recordPlaces } from '@emilua/runtime'
import { writeAll } from '@emilua/stream'
import { expect } from 'chai'

describe('errors of system calls', () => {
  async function failure (f: () => unknown): Promise<EmiluaError> {
    try {
      await f()
    } catch (error) {
      return error as EmiluaError
    }
    throw new Error('no failure')
  }
  // Nobody listens there any more.
  async function freePort (): Promise<number> {
    const acceptor = await tcp.listen('127.0.0.1:0')
    const port = acceptor.localPort
    acceptor.close()
    return port
  }

  it('name the address and port of an endpoint', async () => {
    const port = await freePort()
    const error = await failure(() => tcp.dial(`127.0.0.1:${port}`))
    expect(error).to.include({ message: `connect ECONNREFUSED 127.0.0.1:${port}`, address: '127.0.0.1', port, syscall: 'connect' })
    expect(error).not.to.have.any.keys('hostname', 'path', 'dest', 'arg', 'category')
  })

  it('name those that are arguments of their own, whether it waits or not', async () => {
    const acceptor = await tcp.listen('127.0.0.1:0')
    const port = acceptor.localPort
    const other = new tcp.Acceptor()
    other.open('v4')
    expect(await failure(() => { other.bind(new Address('127.0.0.1'), port) }))
      .to.include({ message: `bind EADDRINUSE 127.0.0.1:${port}`, address: '127.0.0.1', port })
    acceptor.close()
    other.close()
    const socket = new tcp.Socket()
    expect(await failure(() => socket.connect(new Address('127.0.0.1'), port)))
      .to.include({ message: `connect ECONNREFUSED 127.0.0.1:${port}`, address: '127.0.0.1', port })
    socket.close()
  })

  it('name the last address that was tried beside the name that was dialed', async () => {
    const port = await freePort()
    const error = await failure(() => tcp.dial(`localhost:${port}`))
    expect(error.address).to.be.oneOf(['127.0.0.1', '::1'])
    const where = error.address === '::1' ? '[::1]' : '127.0.0.1'
    expect(error).to.include({ hostname: 'localhost', port, message: `connect ECONNREFUSED ${where}:${port} (localhost)` })
    expect(error.toGeneric().message).to.equal(error.message)
  })

  it('name where a datagram was to go, and why it could not', async () => {
    const socket = new udp.Socket()
    const why = 'the socket is not open: closed, maybe by another fiber, given away, or never opened'
    expect(await failure(() => socket.sendTo(new Uint8Array(1), new Address('127.0.0.1'), 9)))
      .to.include({ message: `sendto EBADF 127.0.0.1:9: ${why}`, address: '127.0.0.1', port: 9 })
    expect(await failure(() => socket.receiveFrom(new Uint8Array(1)))).to.include({ message: `recvfrom: Bad file descriptor: ${why}` })
  })

  it('name the address that is taken, whoever listens there', async () => {
    using acceptor = await tcp.listen('127.0.0.1:0')
    const port = acceptor.localPort
    expect(await failure(() => tcp.listen(`127.0.0.1:${port}`)))
      .to.include({ code: 'EADDRINUSE', message: `bind EADDRINUSE 127.0.0.1:${port}`, address: '127.0.0.1', port })
  })

  it('name the host or the service that was looked up', async () => {
    for (const lookUp of [() => tcp.dial('nothing.invalid:80'), () => tcp.getAddressInfo('nothing.invalid', '80')]) {
      const error = await failure(lookUp)
      // Without a name server nobody can tell.
      expect(error.code).to.be.oneOf(['HOST_NOT_FOUND', 'HOST_NOT_FOUND_TRY_AGAIN'])
      expect(error).to.include({ message: `getaddrinfo ${error.code} nothing.invalid:80`, hostname: 'nothing.invalid', port: 80 })
    }
    const service = { code: 'SERVICE_NOT_FOUND', service: 'no-such-service' }
    expect(await failure(() => tcp.dial('localhost:no-such-service')))
      .to.include({ ...service, hostname: 'localhost', message: 'getaddrinfo SERVICE_NOT_FOUND localhost:no-such-service' })
    expect(await failure(() => tcp.getAddressInfo('::1', 'no-such-service')))
      .to.include({ ...service, address: '::1', message: 'getaddrinfo SERVICE_NOT_FOUND [::1]:no-such-service' })
  })

  it('name paths', async () => {
    expect(await failure(() => rename('/nowhere/a', '/nowhere/b'))).to.include({
      message: "ENOENT: No such file or directory, rename '/nowhere/a' -> '/nowhere/b'", path: '/nowhere/a', dest: '/nowhere/b'
    })
    expect(await failure(() => space('/nowhere'))).to.include({ path: '/nowhere', code: 'ENOENT' }).and.not.have.any.keys('dest')
  })

  it('have the functions that waited in their stack, and none of ours on top', async () => {
    const port = await freePort()
    async function connectToNobody (): Promise<void> { await tcp.dial(`127.0.0.1:${port}`) }
    async function program (): Promise<void> { await connectToNobody() }
    const lines = (await failure(program)).stack!.split('\n')
    expect(lines[1]).to.match(/^ {4}at async connectToNobody \(.*attempted\.test\.ts:/)
    expect(lines[2]).to.match(/^ {4}at async program \(/)
  })

  it('begin with the function that waits for one of ours that waits itself', async () => {
    const acceptor = await tcp.listen('127.0.0.1:0')
    using socket = await tcp.dial(`127.0.0.1:${acceptor.localPort}`)
    const writes = async (): Promise<void> => { await writeAll(socket, new Uint8Array(50_000_000)) }
    const failing = failure(writes)
    await new Promise(setImmediate)
    socket.close()
    acceptor.close()
    const lines = (await failing).stack!.split('\n')
    expect(lines[1]).to.match(/^ {4}at async writes \(.*attempted\.test\.ts:/)
  })

  it('say how to see where a call was made that nobody awaits, and say where, if that was noted', async () => {
    const port = await freePort()
    const later = async (promise: Promise<unknown>): Promise<Error> => {
      await new Promise<void>(resolve => { promise.then(undefined, () => { setImmediate(resolve) }) })
      return failure(() => promise)
    }
    const dial = (): Promise<unknown> => tcp.dial(`127.0.0.1:${port}`)
    const headline = `EmiluaError: connect ECONNREFUSED 127.0.0.1:${port}`
    expect((await later(dial())).stack).to.equal(`${headline}\n    at a call that no function awaits: EMILUA_OBSERVE=1 tells where it was made`)
    recordPlaces()
    try {
      const lines = (await later(dial())).stack!.split('\n')
      expect(lines[0]).to.equal(headline)
      expect(lines[1]).to.match(/^ {4}at dial \(.*attempted\.test\.ts:/)
      expect(lines[2]).to.match(/^ {4}at Context\.<anonymous> \(.*attempted\.test\.ts:/)
      // Who awaits knows more.
      const awaits = async (): Promise<void> => { await dial() }
      expect((await failure(awaits)).stack).to.match(/\n {4}at async awaits \(/)
    } finally {
      recordPlaces(false)
    }
  })

  it('take nothing of arguments that come after the last, as functions do, but what is in the place of options', async () => {
    const port = await freePort()
    const loose = tcp as unknown as Record<'dial', (...args: unknown[]) => Promise<unknown>>
    expect(await failure(() => loose.dial(`127.0.0.1:${port}`, {}, 'more'))).to.include({ code: 'ECONNREFUSED' })
    expect(await failure(() => loose.dial(`127.0.0.1:${port}`, 'more'))).to.include({ code: 'EINVAL', arg: 'options' })
    expect(await failure(() => loose.dial(`127.0.0.1:${port}`, { singal: null }))).to.include({ code: 'EINVAL', arg: 'options.singal' })
  })

  it('print nothing that is undefined, and no category', () => {
    const error = new EmiluaError(errorCategory('system'), 111, { syscall: 'connect', hostname: 'db', port: 5432 })
    expect(error.message).to.equal('connect ECONNREFUSED db:5432')
    expect(inspect(error)).to.not.match(/undefined|category/)
    expect(error.category.name).to.equal('system')
    const generic = error.toGeneric()
    expect(generic).to.include({ hostname: 'db', port: 5432, cause: error, message: error.message, code: 'ECONNREFUSED' })
    expect(new EmiluaError(errorCategory('system'), 111, { syscall: 'connect', address: '::1', port: 1 }).message)
      .to.equal('connect ECONNREFUSED [::1]:1')
  })
})
