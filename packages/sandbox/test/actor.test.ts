// SPDX-License-Identifier: MIT OR BSL-1.0
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { EmiluaError } from '@emilua/errors'
import { inbox, spawnVm, type Inbox } from '@emilua/runtime'
import { Sandbox, type LimitOptions } from '@emilua/sandbox'
import { expect } from 'chai'
import { foundations, processesAreCounted } from './foundations.js'

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

  for (const foundation of foundations) {
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
        said.place = tostring(filesystem.current_working_directory())
        said.why = select(2, pcall(filesystem.directory_iterator, path('/etc'))).message
        inbox:receive().reply:send(said)
      `)))
      await sandbox.handshake()
      await guest.send({ reply: inbox })
      const said = await inbox.receive<Record<string, string>>()
      expect(said).include({ files: 'false', write: 'false', spawn: 'false', environment: 'true', place: '/' })
      expect(said['why']).match(/, \w+ '\/etc': this is in a sandbox, and its policy may not name the path$/)
      if (foundation === 'namespaces') expect(said).include({ seccomp: '2', nnp: '1', capabilities: '0000000000000000' })
      await guest.closed
    })
  }

  it('says before its program runs what cannot be enforced', async () => {
    const path = join(folder, 'none')
    const sandbox = new Sandbox({ read: [path] })
    const guest = await spawnVm(sandbox.context(program('')))
    expect(await failure(() => sandbox.handshake())).include({ code: 'ENOENT', path })
    expect((await guest.closed).reason).match(new RegExp(`^could not be confined: files: (lstat|open) ${path}: No such file or directory$`))
    await sandbox.handshake()
  })

  it('is refused what contradicts it', async () => {
    const url = program('')
    expect(await failure(() => spawnVm(url, { subprocess: { sandbox: new Sandbox(), newnsUser: true } }))).include({ code: 'EINVAL' })
    expect(await failure(() => new Sandbox().context(join(folder, 'none.lua')))).include({ code: 'ENOENT' })
  })

  for (const foundation of foundations) {
    it(`ends when it is killed, and with it all that it has, on ${foundation}`, async () => {
      const sandbox = new Sandbox({ foundation })
      const guests = await Promise.all(Array.from({ length: 20 }, () => spawnVm(sandbox.context(program('require "inbox":receive()')))))
      await sandbox.handshake()
      const inits = guests.map(guest => guest.childPid)
      const below = inits.flatMap(pid => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number))
      expect(below).length(20)
      for (const guest of guests) guest.kill()
      for (const guest of guests) expect(await guest.closed).deep.equal({ reason: 'killed' })
      for (const pid of [...inits, ...below]) expect(existsSync(`/proc/${pid}`), String(pid)).equal(false)
    })

    // With the sanitizer a guest looks for leaks at its end, which it may not.
    const status = process.env.ASAN_OPTIONS === undefined ? 3 : 1

    it(`is held to its limits, on ${foundation}`, async () => {
      const reason = async (limits: LimitOptions, source: string): Promise<string> => {
        const guest = await spawnVm(new Sandbox({ foundation, limits }).context(program(source)))
        return (await guest.closed).reason
      }
      expect(await reason({ seconds: 0.2 }, 'require "inbox":receive()')).equal('stopped by its limit of seconds')
      expect(await reason({ processor: 1, seconds: 30 }, 'while true do end')).equal('stopped by its limit of processor')
      expect(await reason({ seconds: 30 }, 'require "system".exit(3)')).equal(`exited with status ${status}`)
      const ofProcesses = () => reason({ processes: 1, seconds: 5 }, `
        local ok = pcall(spawn_vm, { module = '.', inherit_context = false })
        require 'system'.exit(ok and 0 or 4)
      `)
      if (foundation === 'process' && !await processesAreCounted()) expect(await failure(ofProcesses)).include({ code: 'LIMITS_UNAVAILABLE' })
      else expect(await ofProcesses()).equal(await processesAreCounted() ? 'stopped by its limit of processes' : 'exited with status 4')
    })
  }
})
