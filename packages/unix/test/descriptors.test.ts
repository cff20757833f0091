// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { EmiluaError } from '@emilua/errors'
import { FileDescriptor } from '@emilua/file-descriptor'
import * as pipe from '@emilua/pipe'
import { readAll, writeAll } from '@emilua/stream'
import { datagram, seqpacket, stream } from '@emilua/unix'
import { expect } from 'chai'

const failure = (promise: Promise<unknown>): Promise<EmiluaError> =>
  promise.then(() => { throw new Error('It did not fail') }, error => error as EmiluaError)
const descriptors = (): number => readdirSync('/proc/self/fd').length

/** A descriptor to send, and the pipe's other end. */
function descriptor (): { fd: FileDescriptor, reader: pipe.ReadStream } {
  const [reader, writer] = pipe.pair()
  return { fd: writer.release(), reader }
}

describe('descriptors in messages', () => {
  for (const [name, kind] of Object.entries({ stream, seqpacket, datagram })) {
    it(`arrive open and closed on exec, and stay with the sender, of ${name}`, async () => {
      const [a, b] = kind.Socket.pair()
      const { fd, reader } = descriptor()
      expect(await a.sendWithFds('take this', [fd, fd])).to.equal(9)
      fd.close()
      const buffer = new Uint8Array(64)
      const { size, fds } = await b.receiveWithFds(buffer, 9)
      expect([size, fds.length]).to.deep.equal([9, 2])
      expect(fds[0]).to.be.instanceOf(FileDescriptor)
      const flags = (one: FileDescriptor): number => parseInt(/^flags:\s*(\d+)$/m.exec(
        readFileSync(`/proc/self/fdinfo/${/\d+/.exec(one.toString())![0]}`, 'utf8'))![1]!, 8)
      for (const one of fds) expect(flags(one) & 0o2000000).not.equal(0) // O_CLOEXEC
      fds[1]!.close()
      const writer = new pipe.WriteStream(fds[0])
      await writeAll(writer, 'hello')
      const text = new Uint8Array(5)
      await readAll(reader, text)
      expect(new TextDecoder().decode(text)).to.equal('hello')
      for (const one of [a, b, reader, writer]) one.close()
    })

    it(`leave none behind, whatever is done with them, of ${name}`, async () => {
      const [a, b] = kind.Socket.pair()
      const { fd, reader } = descriptor()
      const buffer = new Uint8Array(8)
      const before = descriptors()
      for (let round = 0; round < 20; round++) {
        await a.sendWithFds('x', [fd, fd, fd])
        const { fds } = await b.receiveWithFds(buffer, 2) // one too many
        expect(fds.length).to.equal(2)
        for (const one of fds) one.close()
        await a.sendWithFds('x', Array<FileDescriptor>(253).fill(fd))
        expect((await b.receiveWithFds(buffer, 0)).fds).to.deep.equal([])
        await a.sendWithFds('x', [fd]) // to who reads bytes alone
        if (b instanceof stream.Socket) await b.readSome(buffer)
        else await b.receive(buffer)
        const controller = new AbortController()
        const waiting = failure(b.receiveWithFds(buffer, 1, { signal: controller.signal }))
        controller.abort()
        await waiting
        await a.sendWithFds('x', [fd])
        for (const one of (await b.receiveWithFds(buffer, 1)).fds) one.close()
      }
      expect(descriptors()).to.equal(before)
      await a.sendWithFds('x', [fd, fd]) // that nobody receives
      for (const one of [a, b]) one.close()
      expect(descriptors()).to.equal(before - 2)
      for (const one of [fd, reader]) one.close()
    })

    it(`may be closed while the message waits, of ${name}`, async () => {
      const [a, b] = kind.Socket.pair()
      const small: { setOption: (opt: 'send_buffer_size', val: number) => void } = a
      small.setOption('send_buffer_size', 4096)
      const message = new Uint8Array(2048)
      const { fd, reader } = descriptor()
      const stop = new AbortController()
      const sent = []
      for (let i = 0; i < 30; i++) sent.push(a.sendWithFds(message, [fd], i === 29 ? { signal: stop.signal } : undefined))
      fd.close()
      const other = descriptor() // takes the number that was freed
      stop.abort()
      expect((await failure(sent.pop()!)).name).to.equal('AbortError')
      const buffer = new Uint8Array(2048)
      let received = 0
      let bytes = 0
      while (bytes < 29 * 2048) {
        const { size, fds } = await b.receiveWithFds(buffer, 1)
        bytes += size
        for (const one of fds) {
          received++
          expect(one.kcmp(other.fd)).not.equal(0)
          one.close()
        }
      }
      expect(received).to.equal(29)
      await Promise.all(sent)
      for (const one of [a, b, reader, other.fd, other.reader]) one.close()
    })
  }

  it('that cannot be sent are named, and closed by nobody', async () => {
    const [a, b] = stream.Socket.pair()
    const { fd, reader } = descriptor()
    const closed = fd.dup()
    closed.close()
    expect(await failure(a.sendWithFds('x', [fd, closed]))).to.include({ code: 'EBADF', arg: 'fds[1]' })
    expect(await failure(a.sendWithFds('x', Array<FileDescriptor>(254).fill(fd)))).to.include(
      { code: 'EINVAL', arg: 'fds', message: 'fds: Expected at most 253 descriptors, not 254' })
    expect(await failure(a.sendWithFds('', [fd]))).to.include({ code: 'EINVAL', arg: 'buffer' })
    b.close()
    expect((await failure(a.sendWithFds('x', [fd]))).code).to.equal('EPIPE')
    expect(fd.type).to.equal('fifo')
    for (const one of [a, fd, reader]) one.close()
  })

  it('are lost with a message that is cut off, and make one without bytes no end', async () => {
    const [a, b] = seqpacket.Socket.pair()
    const { fd, reader } = descriptor()
    const before = descriptors()
    await a.sendWithFds('longer', [fd])
    expect((await failure(b.receiveWithFds(new Uint8Array(2), 1))).code).to.equal('EMSGSIZE')
    await a.sendWithFds('', [fd])
    const { size, fds } = await b.receiveWithFds(new Uint8Array(2), 1) // no end of the connection
    expect([size, fds.length]).to.deep.equal([0, 1])
    fds[0]!.close()
    expect(descriptors()).to.equal(before)
    for (const one of [a, b, fd, reader]) one.close()
  })

  it('are all there when a message has as many as the system lets through', async () => {
    for (const kind of [stream, seqpacket, datagram]) {
      const [a, b] = kind.Socket.pair()
      const { fd, reader } = descriptor()
      await a.sendWithFds('x', Array<FileDescriptor>(253).fill(fd))
      const { size, fds } = await b.receiveWithFds(new Uint8Array(8), 300)
      expect([size, fds.length, fds[252]!.kcmp(fd)]).to.deep.equal([1, 253, 0])
      for (const one of [a, b, fd, reader, ...fds]) one.close()
    }
  })

  it('are closed by the collector where nobody took them', () => {
    const output = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', `
      import { readdirSync } from 'node:fs'
      import * as pipe from '@emilua/pipe'
      import { seqpacket } from '@emilua/unix'
      const [a, b] = seqpacket.Socket.pair()
      const [reader, writer] = pipe.pair()
      const fd = writer.release()
      const count = () => readdirSync('/proc/self/fd').length
      for (let i = 0; i < 10; i++) await a.sendWithFds('x', [fd, fd, fd])
      const before = count()
      for (let i = 0; i < 10; i++) await b.receiveWithFds(new Uint8Array(8), 3)
      const received = count() - before
      for (let i = 0; i < 100 && count() > before; i++) { gc(); await new Promise(resolve => setTimeout(resolve, 1)) }
      console.log(received > 0, count() - before, reader.isOpen, fd.type, a.isOpen, b.isOpen)`], { encoding: 'utf8', cwd: fileURLToPath(new URL('..', import.meta.url)) })
    expect(output).to.equal('true 0 true fifo true true\n')
  })

  it('say who sent them', async () => {
    const [a, b] = [new datagram.Socket(), new datagram.Socket()]
    for (const socket of [a, b]) socket.bind('')
    const { fd, reader } = descriptor()
    await a.sendToWithFds('hello', b.localPath, [fd])
    const { size, path, fds } = await b.receiveFromWithFds(new Uint8Array(8), 1)
    expect([size, path.equals(a.localPath), fds[0]!.kcmp(fd)]).to.deep.equal([5, true, 0])
    for (const one of [a, b, fd, reader, fds[0]!]) one.close()
  })
})
