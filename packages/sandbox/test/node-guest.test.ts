// SPDX-License-Identifier: MIT OR BSL-1.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { EmiluaError } from '@emilua/errors'
import { FileDescriptor } from '@emilua/file-descriptor'
import { pair } from '@emilua/pipe'
import { inbox, spawnVm, type Inbox, type RemoteChannel } from '@emilua/runtime'
import { Sandbox, type Policy } from '@emilua/sandbox'
import { expect } from 'chai'
import { foundations, onNamespaces } from './foundations.js'

type Asked = { reply: Inbox }

async function failure (attempt: () => Promise<unknown> | unknown): Promise<EmiluaError> {
  try {
    await attempt()
  } catch (error) {
    return error as EmiluaError
  }
  throw new Error('nothing failed')
}

describe('Node in a sandbox', function () {
  this.timeout(30_000)
  let folder: string
  // A sanitizer's library would have to be loaded before Node, and nothing of this process's environment gets there.
  before(function () { if (/lib[at]san/.test(process.env.LD_PRELOAD ?? '')) this.skip() })
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-')) })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  const write = (name: string, source: string): URL => {
    writeFileSync(join(folder, name), source)
    return pathToFileURL(join(folder, name))
  }
  const start = async (source: string, policy: Policy = {}, name = 'guest.ts'): Promise<RemoteChannel<Asked>> => {
    const sandbox = new Sandbox(policy)
    const { module, subprocess } = sandbox.context(write(name, source))
    const guest = await spawnVm<Asked>({ module, subprocess: { ...subprocess, stderr: 'share' } })
    await sandbox.handshake()
    return guest
  }
  const ask = async <T>(guest: RemoteChannel<Asked>): Promise<T> => {
    await guest.send({ reply: inbox })
    return await inbox.receive<T>()
  }
  const answering = (expression: string, before = ''): string => `
    import { inbox, type RemoteChannel } from '@emilua/runtime'
    ${before}
    const attempt = (f: () => unknown): string => { try { return String(f()).slice(0, 99) } catch (error) { return (error as { code?: string }).code ?? String(error) } }
    for await (const { reply } of inbox.messages<{ reply: RemoteChannel }>()) await reply.send(${expression})
  `

  for (const foundation of foundations) {
    it(`has an inbox and no rights, on ${foundation}`, async () => {
      const guest = await start(answering(`{
        files: attempt(() => fs.readFileSync('/etc/passwd')),
        itself: attempt(() => fs.readFileSync(${JSON.stringify(fileURLToPath(new URL('../../../package.json', import.meta.url)))})),
        write: attempt(() => fs.writeFileSync('/tmp/emilua-was-here', '')),
        program: spawnSync('/bin/true').error?.message ?? 'ran',
        kill: attempt(() => process.kill(${process.pid}, 0)),
        environment: Object.keys(process.env).join(),
        words: process.argv.length,
        program_name: process.argv[1] ?? null,
        place: process.cwd(),
        nothing: null
      }`, "import fs from 'node:fs'; import { spawnSync } from 'node:child_process'"), { foundation })
      const said = await ask<Record<string, string>>(guest)
      expect(said).include({ environment: '', words: 2, nothing: null, place: '/', program_name: join(folder, 'guest.ts') })
      for (const name of ['files', 'itself', 'write']) expect(said[name], name).match(/ENOENT|EACCES|EROFS/)
      expect(said['program']).match(/ENOENT|EACCES/)
      expect(said['kill']).match(/ESRCH|EPERM/)
      guest.close()
      expect(await guest.closed).deep.equal({ reason: 'ended' })
    })

    it(`ends with its channel and all that it has, on ${foundation}`, async () => {
      const guest = await start("import { inbox } from '@emilua/runtime'; setInterval(() => {}, 1000); await inbox.receive()", { foundation })
      guest.kill()
      expect(await guest.closed).deep.equal({ reason: 'killed' })
    })
  }

  onNamespaces('imports what lies beside it, in both languages, and packages that its policy names', async () => {
    write('beside.ts', "import { more } from './deep/more.js'\nexport enum Kind { Beside = 7 }\nexport const both = (): number => Kind.Beside + more")
    mkdirSync(join(folder, 'deep'))
    write('deep/more.js', 'export const more = 30')
    mkdirSync(join(folder, 'node_modules/dependency'), { recursive: true })
    write('node_modules/dependency/package.json', '{ "name": "dependency", "type": "module", "main": "index.js" }')
    write('node_modules/dependency/index.js', 'export default 5')
    const source = answering('both() + dependency', "import { both } from './beside.js'; import dependency from 'dependency'")
    expect(await ask(await start(source, { read: [join(folder, 'node_modules/dependency')] }))).equal(42)
    expect((await (await start(source)).closed).reason).match(/^panicked: Error.*Cannot find package.*\[ERR_MODULE_NOT_FOUND\]|ERR_MODULE_NOT_FOUND/)
  })

  it('has all of Emilua, and the objects that it is sent', async () => {
    const [reader, writer] = pair()
    const sandbox = new Sandbox()
    const guest = await spawnVm<{ reply: Inbox, to: FileDescriptor }>(sandbox.context(write('guest.ts', `
      import { inbox, type RemoteChannel } from '@emilua/runtime'
      import { WriteStream } from '@emilua/pipe'
      import { writeAll } from '@emilua/stream'
      import { sleep } from '@emilua/time'
      import type { FileDescriptor } from '@emilua/file-descriptor'
      const { reply, to } = await inbox.receive<{ reply: RemoteChannel, to: FileDescriptor }>()
      await sleep(0.001)
      using stream = new WriteStream(to)
      await writeAll(stream, 'from inside')
      await reply.send(true)
    `)))
    await guest.send({ reply: inbox, to: writer.release() })
    expect(await inbox.receive()).equal(true)
    const bytes = new Uint8Array(32)
    expect(new TextDecoder().decode(bytes.subarray(0, await reader.readSome(bytes)))).equal('from inside')
    reader.close()
    expect(await guest.closed).deep.equal({ reason: 'ended' })
  })

  it('has no other file that it imports, unless its policy names that', async () => {
    write('data.json', '{"n":12}')
    for (const foundation of foundations) {
      const source = answering('data.n', "import data from './data.json' with { type: 'json' }")
      expect((await (await start(source, { foundation })).closed).reason).match(/^panicked: .*(ERR_MODULE_NOT_FOUND|EACCES)/)
      const guest = await start(source, { foundation, read: [join(folder, 'data.json')] })
      expect(await ask<number>(guest)).equal(12)
      guest.kill()
      await guest.closed
    }
  })

  it('says how it ended', async () => {
    for (const [source, reason] of [
      ['throw new Error("no")', 'panicked: Error: no'],
      ['process.exit(9)', 'exited with status 9'],
      ['process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)', 'killed by signal 15'],
      ['await new Promise(() => {})', 'exited with status 13']
    ] as const) {
      expect((await (await start(source, {}, 'guest.mjs')).closed).reason.split('\n')[0], source).equal(reason)
    }
  })

  it('is heard where it may speak', async () => {
    const [reader, writer] = pair()
    const context = new Sandbox().context(write('guest.ts', 'console.error("%s", process.env.NAME)\nthrow new Error("its failure")'))
    const stderr = writer.release()
    const guest = await spawnVm({ ...context, subprocess: { ...context.subprocess, environment: { NAME: 'its name' }, stderr } })
    stderr.close()
    await guest.closed
    const bytes = new Uint8Array(64 * 1024)
    const text = new TextDecoder().decode(bytes.subarray(0, await reader.readSome(bytes)))
    expect(text).match(/^its name\n/).and.include('Error: its failure').and.include('guest.ts:2')
    reader.close()
  })

  it('is held to its limits', async () => {
    const memory = 300 * 2 ** 20
    const busy = await start('for (;;) ;', { limits: { seconds: 0.3 } }, 'guest.mjs')
    expect(await busy.closed).deep.equal({ reason: 'stopped by its limit of seconds' })
    const hungry = await start('const all = []; for (;;) all.push(new Array(1e5).fill(all.length))', { limits: { memory, seconds: 20 } }, 'guest.mjs')
    expect((await hungry.closed).reason).match(/^killed by signal (5|6|11)$/)
    const large = await start(answering('attempt(() => Buffer.alloc(400 * 2 ** 20, 1).length)'), { limits: { memory } })
    expect(await ask(large)).match(/^(RangeError: Array buffer allocation failed|ERR_MEMORY_ALLOCATION_FAILED)$/)
    large.close()
  })

  it('is refused what contradicts it', async () => {
    const url = write('guest.ts', '')
    expect(await failure(() => spawnVm(url, { subprocess: {} }))).include({ code: 'EINVAL', arg: 'options.subprocess.sandbox' })
    expect(await failure(() => spawnVm(url, { subprocess: { sandbox: new Sandbox(), newnsUser: true } }))).include({ code: 'EINVAL', arg: 'options.subprocess.newnsUser' })
    expect(await failure(() => new Sandbox().context(join(folder, 'none.ts')))).include({ code: 'ENOENT' })
    expect(await failure(() => spawnVm(new Sandbox().context(write('wrong.ts', 'no syntax (')))).then(error => error.message)).include('wrong.ts:1:4')
    const box = new Sandbox({ read: [join(folder, 'nothing')] })
    await spawnVm(box.context(url))
    expect(await failure(() => box.handshake())).include({ code: 'ENOENT', path: join(folder, 'nothing') })
  })
})
