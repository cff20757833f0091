// SPDX-License-Identifier: MIT OR BSL-1.0
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { EmiluaError } from '@emilua/errors'
import { FileDescriptor } from '@emilua/file-descriptor'
import { pair } from '@emilua/pipe'
import { inbox, spawnVm } from '@emilua/runtime'
import { ptypair, SerialPort } from '@emilua/serial-port'
import { isEof, readAll, Scanner, writeAll } from '@emilua/stream'
import { toDuplex } from '@emilua/stream/node'

const failure = (promise: Promise<unknown>): Promise<EmiluaError> =>
  promise.then(() => { throw new Error('It did not fail') }, error => error as EmiluaError)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const descriptors = (): number => readdirSync('/proc/self/fd').length

/** A terminal that changes nothing, and its master. */
function raw (): [SerialPort, SerialPort] {
  const [master, slave] = ptypair()
  const port = new SerialPort()
  port.open(`/proc/self/fd/${/\d+/.exec(slave.toString())![0]}`)
  slave.close()
  return [master, port]
}

describe('serial port', () => {
  it('carries bytes as they are, both ways', async () => {
    const [master, port] = raw()
    const data = new Uint8Array(1 << 18).map((_, i) => i % 256)
    for (const [from, to] of [[master, port], [port, master]] as const) {
      const all = new Uint8Array(data.length)
      await Promise.all([writeAll(from, data), readAll(to, all)])
      expect(Buffer.compare(all, data)).equal(0)
    }
    master.close()
    expect(isEof(await failure(port.readSome(new Uint8Array(1))))).equal(true)
    expect(await failure(port.writeSome(new Uint8Array(1)))).include({ code: 'EIO', syscall: 'write' })
    port.close()
  })

  it('is a stream of every shape, which ends when the other side hangs up', async () => {
    let [master, port] = raw()
    await writeAll(port, 'for await')
    port.close()
    let all = ''
    for await (const chunk of master) all += text(chunk)
    expect(all).equal('for await')
    master.close();

    [master, port] = raw()
    const sink = port.writable.getWriter()
    await sink.write(new TextEncoder().encode('a Web Stream'))
    await sink.close()
    all = ''
    for await (const chunk of master.readable) all += text(chunk)
    expect([all, port.isOpen]).deep.equal(['a Web Stream', false]);

    [master, port] = raw()
    const [ours, theirs] = [toDuplex(master), toDuplex(port)]
    ours.write('ping')
    const [chunk] = await new Promise<[Buffer]>(resolve => theirs.once('data', (...args: [Buffer]) => { resolve(args) }))
    expect(String(chunk)).equal('ping')
    theirs.destroy()
    all = ''
    for await (const rest of ours) all += String(rest)
    expect(all).equal('')
  })

  it('gives records', async () => {
    const [master, port] = raw()
    await writeAll(port, '$GPGGA,1\r\n$GPRMC,2\r\nrest')
    port.close()
    const lines = new Scanner({ stream: master, recordSeparator: '\r\n' })
    for (const line of ['$GPGGA,1', '$GPRMC,2', 'rest']) expect(text(await lines.getLine())).equal(line)
    expect(isEof(await failure(lines.getLine()))).equal(true)
    master.close()
  })

  it('has settings', () => {
    const [master, port] = raw()
    port.baudRate = 115200
    port.stopBits = 'two'
    port.flowControl = 'hardware'
    port.characterSize = 8
    port.parity = undefined
    port.windowSize = { rows: 24, columns: 80 }
    expect([port.baudRate, port.stopBits, port.flowControl, port.characterSize, port.parity]).deep.equal([115200, 'two', 'hardware', 8, undefined])
    expect([master.baudRate, master.windowSize]).deep.equal([115200, { rows: 24, columns: 80 }])
    port.flowControl = undefined
    expect(port.flowControl).equal(undefined)
    port.baudRate = 250000 // that no constant of termios has
    expect(port.baudRate).equal(250000)
    expect(() => { port.stopBits = 'one_point_five' }).throw().that.includes({ code: 'EOPNOTSUPP' })
    // @ts-expect-error there is no such parity
    expect(() => { port.parity = 'mark' }).throw().that.includes({ code: 'EINVAL' })
    expect(() => { port.characterSize = 7 }).throw().that.includes({ code: 'EINVAL', syscall: 'tcsetattr' }) // of a pseudoterminal
    expect(() => { port.characterSize = 9 }).throw('characterSize: Expected an integer from 5 to 8, not 9').that.includes({ code: 'EINVAL' })
    port.close()
    expect(() => port.baudRate).throw().that.includes({ code: 'EBADF' })
    expect(() => { port.baudRate = 9600 }).throw().that.includes({ code: 'EBADF' })
    master.close()
  })

  it('sends a break while others go on', async () => {
    const [master, port] = raw()
    const reading = port.readSome(new Uint8Array(8))
    const sending = port.sendBreak()
    await writeAll(master, 'on')
    expect(await reading).equal(2)
    await sending
    const last = port.sendBreak()
    port.close() // it has a descriptor of its own
    await last
    expect((await failure(port.sendBreak())).code).equal('EBADF')
    master.close()
  })

  it('is opened by name, and takes terminals alone', () => {
    const port = new SerialPort()
    expect(port.isOpen).equal(false)
    expect(() => { port.open('/nowhere') }).throw().that.includes({ code: 'ENOENT', arg: 'device', syscall: 'open', path: '/nowhere', message: "ENOENT: No such file or directory, open '/nowhere'" })
    expect(() => { port.open('/dev/null') }).throw().that.includes({ code: 'ENOTTY', arg: 'device' })
    const [reader, writer] = pair()
    const fd = reader.release()
    expect(() => new SerialPort(fd)).throw().that.includes({ code: 'EINVAL', arg: 'fd' })
    expect(fd.type).equal('fifo')
    for (const one of [fd, writer]) one.close()
    const [master, slave] = ptypair()
    expect(slave).instanceOf(FileDescriptor)
    expect(slave.nonBlocking).equal(false)
    port.assign(slave)
    expect([port.isOpen, port.isatty(), master.isatty()]).deep.equal([true, true, true])
    expect(() => slave.type).throw().that.includes({ code: 'EBADF' })
    const back = port.release()
    expect([port.isOpen, back.nonBlocking]).deep.equal([false, false]) // as it was given
    for (const one of [back, master]) one.close()
  })

  it('is given up by a signal, and loses nothing', async () => {
    const [master, port] = raw()
    const buffer = new Uint8Array(8)
    const controller = new AbortController()
    const reading = failure(port.readSome(buffer, { signal: controller.signal }))
    controller.abort()
    expect((await reading).name).equal('AbortError')
    await writeAll(master, 'kept')
    expect(await port.readSome(buffer)).equal(4)
    const waiting = failure(port.readSome(buffer))
    port.close()
    expect((await waiting).code).equal('ECANCELED')
    master.close()
  })

  it('moves to an actor and back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emilua-serial-'))
    try {
      writeFileSync(join(folder, 'actor.lua'), `
        local message = require 'inbox':receive()
        require 'stream'.write_all(message.port, 'from the actor')
        message.back:send(message.port)`)
      const [master, port] = raw()
      const actor = await spawnVm(join(folder, 'actor.lua'))
      actor.send({ port, back: inbox })
      expect(() => port.baudRate).throw()
      const buffer = new Uint8Array(14)
      await readAll(master, buffer)
      expect(text(buffer)).equal('from the actor')
      const back = await inbox.receive<SerialPort>()
      expect(back).instanceOf(SerialPort)
      await writeAll(back, 'from here     ')
      await readAll(master, buffer)
      expect(text(buffer)).equal('from here     ')
      for (const one of [back, master]) one.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('leaves no descriptor behind', async () => {
    const before = descriptors()
    for (let i = 0; i < 50; i++) {
      const [master, port] = raw()
      const reading = failure(port.readSome(new Uint8Array(1)))
      await port.sendBreak()
      master.close()
      await reading
      port.close()
    }
    expect(descriptors()).equal(before)
  })
})
