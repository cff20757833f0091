// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError } from '@emilua/errors'
import { FileDescriptor } from '@emilua/file-descriptor'
import * as fs from '@emilua/filesystem'
import { tcp } from '@emilua/ip'
import { capFromText } from '@emilua/system'
import { expect } from 'chai'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

function descriptor (): FileDescriptor {
  const socket = new tcp.Socket()
  socket.open('v4')
  return socket.release()
}

describe('FileDescriptor', () => {
  it('comes from what gives its descriptor away, and from nowhere else', () => {
    expect(() => new FileDescriptor()).throw(TypeError, 'no public constructor')
    using fd = descriptor()
    expect(fd).instanceOf(FileDescriptor)
  })

  it('tells what is open', () => {
    using fd = descriptor()
    expect(fd.type).equal('socket')
    expect(fd.isSocket('inet')).equal(true)
    expect(fd.isSocket('inet', 'stream', 'tcp')).equal(true)
    expect(fd.isSocket('inet6', 'stream')).equal(false)
    expect(fd.isSocket('inet', 'datagram')).equal(false)
  })

  it('shares its flags with its duplicates', () => {
    using fd = descriptor()
    using twin = fd.dup()
    fd.nonBlocking = false
    expect(twin.nonBlocking).equal(false)
    twin.nonBlocking = true
    expect(fd.nonBlocking).equal(true)
  })

  it('may be closed again', () => {
    const fd = descriptor()
    fd.close()
    fd.close()
    fd[Symbol.dispose]()
    expect(() => fd.type).throw(EmiluaError).include({ code: 'EBADF' })
  })

  it('may be closed after it was handed on', () => {
    const fd = descriptor()
    const socket = new tcp.Socket()
    socket.assign('v4', fd)
    fd.close()
    expect(socket.isOpen).equal(true)
    socket.close()
  })

  it('says what programs gain from a file, and sets it', async function () {
    if (process.getuid!() !== 0) this.skip()
    const path = join(mkdtempSync(join(tmpdir(), 'emilua-')), 'file')
    writeFileSync(path, '')
    using fd = await fs.open(path, ['read_only'])
    expect((await fd.capGet().catch((error: EmiluaError) => error) as EmiluaError).code).equal('ENODATA')
    await fd.capSet('cap_kill,cap_chown=ep')
    expect([fd.capGetSync(), await fs.capGetFile(path)]).deep.equal(['cap_chown,cap_kill=ep', 'cap_chown,cap_kill=ep'])
    await fs.capSetFile(path, String(capFromText('cap_net_raw=p')))
    expect(await fd.capGet()).equal('cap_net_raw=p')
    await fd.capSet()
    expect(await fs.capGetFile(path).catch((error: EmiluaError) => [error.code, error.path, error.arg])).deep.equal(['ENODATA', path, 'path'])
    await fs.capSetFile(path, 'cap_fly=p').then(() => expect.fail(), (error: EmiluaError) => expect(error).include({ code: 'EINVAL', arg: 'caps' }))
    rmSync(dirname(path), { recursive: true })
  })

  it('leaks nothing', () => {
    const open = () => readdirSync('/proc/self/fd').length
    const before = open()
    for (let i = 0; i < 50; i++) {
      using fd = descriptor()
      fd.dup().close()
    }
    expect(open()).equal(before)
  })
})
