// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { Programs } from './programs.js'

const imports = `import { tcp } from '@emilua/ip'
import { taskGroup, spawn, spawnVm, timeout } from '@emilua/runtime'
import { writeAll } from '@emilua/stream'
import { toDuplex } from '@emilua/stream/node'
import { run, spawn as start } from '@emilua/system'
import { sleep } from '@emilua/time'
import * as tls from '@emilua/tls'
import { fileSize } from '@emilua/filesystem/sync'
`

describe('an error of ours that nobody handles', () => {
  let programs: Programs
  before(() => { programs = new Programs() })
  after(() => programs.remove())

  /** What the program `text` ends with, which has to be the fault of the line of ours. */
  async function shows (line: string, message: string, text: string): Promise<void> {
    programs.put({ 'a.ts': `${imports}${text}` })
    const { code, stderr } = await programs.run(['a.ts'])
    const [place, source, , ...rest] = stderr.split('\n')
    const number = imports.split('\n').length + text.split('\n').findIndex(each => each.includes(line))
    expect([place, source], stderr).deep.equal([`${programs.folder}/a.ts:${number}`, text.split('\n').find(each => each.includes(line))])
    expect(rest.join('\n')).contain(message).and.match(/^ {4}at .*a\.ts:/m)
    expect(stderr).not.contain('/packages/')
    expect(code).equal(1)
  }

  const calls: [call: string, message: string][] = [
    ['sleep(-1)', 'secs: Expected a number of seconds from 0, not -1'],
    ["tcp.dial('127.0.0.1:99999')", 'ep: Expected a service\'s name or a port from 0 to 65535, not "127.0.0.1:99999"'],
    ['new tcp.Socket().connect(5 as never, 1)', 'addr: Expected an Address or a string, not 5'],
    ['new tcp.Socket().readSome(new Uint8Array(5))', 'recv: Bad file descriptor'],
    ["writeAll(5 as never, 'x')", 'stream: Expected an object with a method writeSome, not 5'],
    ["tls.dial('localhost:99999')", 'ep: Expected'],
    ["run('ls' as never)", 'opts: Expected an object such as'],
    ["spawnVm('none.lua')", 'module: Module not found: /'],
    ["tcp.dial('127.0.0.1:1', { timeout: 5 } as never)", '; write signal: AbortSignal.timeout(milliseconds)'],
    ['spawn(5 as never).join()', 'fn: Expected a function, not 5']
  ]
  const late: [call: string, message: string][] = [
    ["tcp.dial('127.0.0.1:1')", 'connect ECONNREFUSED 127.0.0.1:1'],
    ["tls.dial('localhost:1')", 'connect ECONNREFUSED 127.0.0.1:1 (localhost)'],
    ["run({ program: '/none' })", "ENOENT: No such file or directory, execve '/none'"],
    ['timeout(0, () => sleep(9))', 'Timed out after 0 s'],
    ['timeout(0.001, () => sleep(9))', 'Timed out after 0.001 s'],
    ["taskGroup(async group => {\n    group.spawn(async () => await tcp.dial('127.0.0.1:1'))\n    await sleep(9) })", 'connect ECONNREFUSED']
  ]
  const atOnce: [call: string, message: string][] = [
    ['new tcp.Socket().localPort', 'getsockname: Bad file descriptor'],
    ['toDuplex(5 as never)', 'stream: Expected an object with a method readSome, not 5'],
    ["fileSize('/none')", "ENOENT: No such file or directory, stat '/none'"]
  ]

  for (const [call, message] of [...calls, ...late]) {
    it(`that was awaited: ${call.split('\n')[0]!}`, async () => {
      await shows(call.includes('\n') ? call.split('\n')[1]! : call.split('\n')[0]!, message, `async function user () {\n  await ${call}\n}\nawait user()`)
    })
  }
  for (const [call, message] of [...calls, ...atOnce]) {
    it(`that was not: ${call}`, async () => {
      await shows(call, message, `function user () {\n  void ${call}\n}\nuser()`)
    })
  }
  it('of an option that does not exist, which the core and we know a part of each', async () => {
    programs.put({ 'a.ts': `${imports}async function user () { await start({ program: 'ls', args: [] } as never) }\nawait user()` })
    const { stderr, code } = await programs.run(['a.ts'])
    expect(stderr).match(/^EmiluaError: opts\.args: .*, killSignal; is it 'arguments' that is meant\?\n {4}at user \(.*a\.ts:/m).and.not.contain('/packages/')
    expect(code).equal(1)
  })

  it('that was late and that no function awaits says how to see where the call was made, or where, if that was noted', async () => {
    const call = "void tcp.dial('127.0.0.1:1')"
    programs.put({ 'a.ts': `import { tcp } from '@emilua/ip'\nfunction user () {\n  ${call}\n}\nuser()` })
    const unknown = await programs.run(['a.ts'])
    expect(unknown.stderr).contain('EmiluaError: connect ECONNREFUSED 127.0.0.1:1\n    at a call that no function awaits: EMILUA_OBSERVE=1 tells where it was made {\n')
    const noted = await programs.run(['a.ts'], { env: { EMILUA_OBSERVE: '1' } })
    expect(noted.stderr).contain(`EmiluaError: connect ECONNREFUSED 127.0.0.1:1\n    at user (${programs.folder}/a.ts:3:12)\n`)
    expect([unknown.code, noted.code]).deep.equal([1, 1])
  })

  it('begins with the frame of the program in bundles, too', () => {
    programs.put({ 'a.ts': "import { tcp } from '@emilua/ip'\nawait tcp.dial('127.0.0.1:99999')" })
    const command = fileURLToPath(new URL('../bundled/main.js', import.meta.url))
    const { stderr } = spawnSync(process.execPath, ['--conditions=bundled', command, 'a.ts'], { cwd: programs.folder, encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: programs.cache } })
    expect(stderr).match(/^.*a\.ts:2\nawait tcp\.dial/).and.not.contain('/packages/')
  })

  it('that is one of the program shows nothing of what runs it', async () => {
    programs.put({ 'a.ts': "async function user (): Promise<void> { throw new Error('no') }\nawait user()" })
    const { stderr } = await programs.run(['a.ts'])
    expect(stderr).match(/^.*a\.ts:1\n/).and.contain('Error: no').and.not.contain('/packages/')
  })
})
