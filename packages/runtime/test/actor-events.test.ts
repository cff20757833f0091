// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFile } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Future, spawnVm, type ActorFinish, type ActorSpawn } from '@emilua/runtime'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../../..', import.meta.url))

describe('events of actors', function () {
  this.timeout(20_000)
  let folder: string
  let spawned: ActorSpawn[]
  let ended: ActorFinish[]
  let wake = (): void => {}

  const onSpawn = (message: unknown): void => { spawned.push(message as ActorSpawn) }
  const onEnd = (message: unknown): void => {
    const end = message as ActorFinish
    // Other tests may have left some.
    if (end.program?.startsWith(folder) === true) ended.push(end)
    wake()
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'emilua-events-'))
    spawned = []
    ended = []
    subscribe('emilua:actor:spawn', onSpawn)
    subscribe('emilua:actor:end', onEnd)
  })
  afterEach(() => {
    unsubscribe('emilua:actor:spawn', onSpawn)
    unsubscribe('emilua:actor:end', onEnd)
    rmSync(folder, { recursive: true })
  })

  function put (name: string, text: string): string {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  async function until (count: number): Promise<void> {
    while (ended.length < count) {
      const { promise, future } = Future.create<null>()
      wake = () => { promise.setValue(null); wake = () => {} }
      await future.get()
    }
  }

  it('are published of Lua, workers and processes: when they begin, end, and fail', async () => {
    const programs = {
      lua: put('ends.lua', ''),
      worker: put('ends.mjs', ''),
      process: put('process.lua', ''),
      failing: put('fails.lua', "error('on purpose', 0)"),
      exiting: put('exits.mjs', 'process.exit(3)')
    }
    for (const path of [programs.lua, programs.worker]) await (await spawnVm(path)).closed
    await (await spawnVm(programs.process, { subprocess: {} })).closed
    for (const path of [programs.failing, programs.exiting]) await (await spawnVm(path)).closed
    await until(5)
    expect(spawned).deep.equal([
      { program: programs.lua, kind: 'lua' },
      { program: programs.worker, kind: 'worker' },
      { program: programs.process, kind: 'process' },
      { program: programs.failing, kind: 'lua' },
      { program: programs.exiting, kind: 'worker' }
    ])
    const byProgram = new Map(ended.map(({ program, kind, reason, failed }) => [program, { kind, reason, failed }]))
    expect([...byProgram.values()]).lengthOf(5)
    expect(byProgram.get(programs.lua)).deep.equal({ kind: 'lua', reason: 'ended', failed: false })
    expect(byProgram.get(programs.worker)).deep.equal({ kind: 'worker', reason: 'ended', failed: false })
    expect(byProgram.get(programs.process)).deep.equal({ kind: 'process', reason: 'ended', failed: false })
    expect(byProgram.get(programs.failing)).deep.equal({ kind: 'lua', reason: 'panicked: on purpose', failed: true })
    expect(byProgram.get(programs.exiting)).deep.equal({ kind: 'worker', reason: 'ended with status 3', failed: true })
  })

  it('tell of an end that nobody waits for', async () => {
    await spawnVm(put('alone.lua', ''))
    await until(1)
    expect(ended[0]!.reason).equal('ended')
  })

  it('neither keep a program nor answer for a failure', async () => {
    put('fails.lua', "error('on purpose', 0)")
    put('waits.lua', "require('inbox'):receive()")
    const program = put('program.mjs', `
import { subscribe } from 'node:diagnostics_channel'
const { spawnVm } = await import(${JSON.stringify(join(root, 'packages/runtime/dist/index.js'))})
if (process.argv[2] === 'subscribe') subscribe('emilua:actor:end', ({ program, reason }) => { console.log(program.split('/').pop(), reason) })
await spawnVm('fails.lua')
await spawnVm('waits.lua')
`)
    const run = (word: string): Promise<{ code: unknown, stdout: string }> => new Promise(resolve => {
      const env = { ...process.env, EMILUA_SHUFFLE: undefined }
      execFile(process.execPath, [program, word], { env }, (error, stdout) => { resolve({ code: error?.code, stdout }) })
    })
    expect(await run('no')).deep.equal({ code: 1, stdout: '' })
    const { code, stdout } = await run('subscribe')
    expect(code).equal(1)
    expect(stdout).match(/^fails.lua panicked: on purpose\n/)
  })
})
