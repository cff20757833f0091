// SPDX-License-Identifier: MIT OR BSL-1.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { EmiluaError } from '@emilua/errors'
import { inbox, spawnVm, type Inbox } from '@emilua/runtime'
import { Sandbox } from '@emilua/sandbox'
import { expect } from 'chai'

async function failure (attempt: () => Promise<unknown> | unknown): Promise<EmiluaError> {
  try {
    await attempt()
  } catch (error) {
    return error as EmiluaError
  }
  throw new Error('nothing failed')
}

describe('an actor in a sandbox', () => {
  let folder: string
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-')) })
  afterEach(() => { rmSync(folder, { recursive: true }) })
  const program = (source: string): URL => {
    writeFileSync(join(folder, 'guest.lua'), source)
    return pathToFileURL(join(folder, 'guest.lua'))
  }

  for (const foundation of ['namespaces', 'process'] as const) {
    it(`has an inbox and no rights, on ${foundation}`, async () => {
      const sandbox = new Sandbox({ foundation, read: foundation === 'process' ? ['/proc/self/status'] : [] })
      const guest = await spawnVm<{ reply: Inbox }>(sandbox.context(program(`
        local inbox, file, filesystem, system = require 'inbox', require 'file', require 'filesystem', require 'system'
        local path = filesystem.path.new
        local status = file.stream.new()
        local said = {}
        if pcall(status.open, status, path('/proc/self/status'), {'read_only'}) then
          local buffer = byte_span.new(4096)
          local text = tostring(buffer:first(status:read_some(buffer)))
          said.seccomp, said.nnp = text:match('Seccomp:%s+(%d)'), text:match('NoNewPrivs:%s+(%d)')
          said.capabilities = text:match('CapEff:%s+(%x+)')
        end
        said.files = tostring((pcall(filesystem.directory_iterator, path('/etc'))))
        said.write = tostring((pcall(filesystem.create_directory, path('/tmp/emilua-was-here'))))
        said.spawn = tostring((pcall(system.spawn, { program = path('/bin/true') })))
        said.environment = tostring(next(system.environment) == nil)
        inbox:receive().reply:send(said)
      `)))
      await sandbox.handshake()
      await guest.send({ reply: inbox })
      const said = await inbox.receive<Record<string, string>>()
      expect(said).include({ files: 'false', write: 'false', spawn: 'false', environment: 'true' })
      if (foundation === 'namespaces') expect(said).include({ seccomp: '2', nnp: '1', capabilities: '0000000000000000' })
      await guest.closed
    })
  }

  it('says before its program runs what cannot be enforced', async () => {
    const path = join(folder, 'none')
    const sandbox = new Sandbox({ read: [path] })
    const guest = await spawnVm(sandbox.context(program('')))
    expect(await failure(() => sandbox.handshake())).include({ code: 'ENOENT', path })
    expect(await guest.closed).deep.equal({ reason: 'exited with status 127' })
    await sandbox.handshake()
  })

  it('is refused what contradicts it', async () => {
    const url = program('')
    expect(await failure(() => spawnVm(new Sandbox({ limits: { seconds: 1 } }).context(url)))).include({ code: 'EINVAL' })
    expect(await failure(() => spawnVm(url, { subprocess: { sandbox: new Sandbox(), newnsUser: true } }))).include({ code: 'EINVAL' })
    expect(await failure(() => new Sandbox().context(join(folder, 'none.lua')))).include({ code: 'ENOENT' })
  })

  it('ends when it is killed, and with it all that it has', async () => {
    const sandbox = new Sandbox()
    const guests = await Promise.all(Array.from({ length: 20 }, () => spawnVm(sandbox.context(program('require "inbox":receive()')))))
    await sandbox.handshake()
    for (const guest of guests) guest.kill()
    for (const guest of guests) expect(await guest.closed).deep.equal({ reason: 'killed' })
  })
})
