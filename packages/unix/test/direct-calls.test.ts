// SPDX-License-Identifier: MIT OR BSL-1.0
// Messages that are there already are received without waiting, whose sender is known from before, and answered in
// memory that is shared with the core. What the calls mean stays what it is.
import type { EmiluaError } from '@emilua/errors'
import type { FileDescriptor } from '@emilua/file-descriptor'
import { Path } from '@emilua/filesystem'
import * as pipe from '@emilua/pipe'
import { datagram, seqpacket } from '@emilua/unix'
import { expect } from 'chai'

const failure = (promise: Promise<unknown>): Promise<EmiluaError> =>
  promise.then(() => { throw new Error('It did not fail') }, error => error as EmiluaError)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const bytes = (of: string): Uint8Array => new TextEncoder().encode(of)
const prefix = `\0emilua-direct-${process.pid}-`

function named (name: string | Path): datagram.Socket {
  const socket = new datagram.Socket()
  socket.bind(name)
  return socket
}

describe('messages that need not wait', () => {
  const buffer = new Uint8Array(128)

  it('are answered to their senders, also to more than are remembered and to those without a name', async () => {
    using server = named(`${prefix}server`)
    const senders = Array.from({ length: 400 }, (_, i) => named(`${prefix}${i}`))
    for (let round = 0; round < 2; round++) {
      for (const [i, sender] of senders.entries()) {
        const to = i % 2 === 0 ? server.localPath : `${prefix}server`
        await sender.sendTo(bytes(`to ${i}`), to)
        const { size, path } = await server.receiveFrom(buffer)
        expect([text(buffer.subarray(0, size)), String(path)]).to.deep.equal([`to ${i}`, `${prefix}${i}`])
        expect(await server.sendTo(bytes(`back ${i}`), path)).to.equal(`back ${i}`.length)
        const back = await sender.receiveFrom(buffer)
        expect([text(buffer.subarray(0, back.size)), String(back.path)]).to.deep.equal([`back ${i}`, `${prefix}server`])
      }
    }
    for (const sender of senders) sender.close()
    using nobody = new datagram.Socket()
    nobody.open()
    await nobody.sendTo(bytes('x'), server.localPath)
    const { path } = await server.receiveFrom(buffer)
    expect(path.empty).to.equal(true)
    expect(await failure(server.sendTo(bytes('x'), path))).to.include({ code: 'EINVAL', arg: 'pathname' })
  })

  it('are text as well, and fail with what the system says of the path', async () => {
    using server = named(`${prefix}server`)
    expect(await server.sendTo('text', server.localPath)).to.equal(4)
    expect((await server.receiveFrom(buffer)).size).to.equal(4)
    const gone = new Path('/nowhere/emilua')
    for (const to of [gone, gone, '/nowhere/emilua']) {
      expect(await failure(server.sendTo(bytes('x'), to))).to.include({ code: 'ENOENT', syscall: 'sendto', path: '/nowhere/emilua' })
    }
  })

  it('carry the descriptors that the list holds at the call, whatever runs while it is read', async () => {
    const [a, b] = seqpacket.Socket.pair()
    const [reader, writer] = pipe.pair()
    const fd = writer.release()
    const list = [fd, fd] as FileDescriptor[]
    Object.defineProperty(list, 1, { get: () => { void a.send(bytes('between')); return fd } })
    expect(await a.sendWithFds(bytes('x'), list)).to.equal(1)
    const got = new Map<string, number>()
    for (let i = 0; i < 3; i++) {
      await a.sendWithFds(bytes(`${i}`), i === 0 ? [] : Array<FileDescriptor>(i).fill(fd))
    }
    while (!got.has('2')) {
      const { size, fds } = await b.receiveWithFds(buffer, 9)
      got.set(text(buffer.subarray(0, size)), fds.length)
      for (const one of fds) one.close()
    }
    expect(Object.fromEntries(got)).to.deep.equal({ x: 2, between: 0, 0: 0, 1: 1, 2: 2 })
    for (const wrong of [[5], [a], [undefined], 'x', {}]) {
      expect((await failure(a.sendWithFds(bytes('x'), wrong as never))).code).to.equal('EINVAL')
    }
    const throws = [fd]
    Object.defineProperty(throws, 0, { get: () => { throw new Error('no') } })
    expect((await failure(a.sendWithFds(bytes('x'), throws))).message).to.equal('no')
    fd.close()
    expect((await failure(a.sendWithFds(bytes('x'), [fd]))).code).to.equal('EBADF')
    a.close()
    expect((await failure(b.receive(buffer))).code).to.equal('EOF')
    for (const one of [b, reader]) one.close()
  })
})
