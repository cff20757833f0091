// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { Programs } from './programs.js'

describe('the cleanup handlers of a program', () => {
  let programs: Programs
  beforeEach(() => { programs = new Programs() })
  afterEach(() => programs.remove())

  const prelude = "import { inbox, scopeCleanupPush, spawn } from '@emilua/runtime'\nimport { sleep } from '@emilua/time'\n"

  function run (source: string): Promise<{ code: number, stdout: string, stderr: string }> {
    programs.put({ 'a.ts': prelude + source })
    return programs.run(['a.ts'])
  }

  it('run when its top level is through, the last first, and what is left goes on', async () => {
    const source = `
      let go = () => {}
      const told = new Promise<void>(resolve => { go = resolve })
      spawn(async () => {
        await told
        await sleep(0.001)
        console.log('fiber')
        setTimeout(() => console.log('timer'))
      })
      scopeCleanupPush(() => { console.log('first'); go() })
      scopeCleanupPush(async () => { await sleep(0.001); console.log('last') })
      console.log('through')`
    expect(await run(source)).deep.equal({ code: 0, stdout: 'through\nlast\nfirst\nfiber\ntimer\n', stderr: '' })
  })

  it('run once, and those at the end that were pushed later', async () => {
    const source = "setTimeout(() => { scopeCleanupPush(() => { console.log('late') }) }, 20)\nscopeCleanupPush(() => { console.log('once') })"
    expect(await run(source)).deep.equal({ code: 0, stdout: 'once\nlate\n', stderr: '' })
  })

  it('run when its top level fails, whose failure is told as without them', async () => {
    const source = "scopeCleanupPush(async () => { await sleep(0.001); console.error('cleaned up') })\nspawn(async () => { await sleep(1000) })\nthrow new RangeError('no')"
    const { code, stderr } = await run(source)
    expect(code).equal(1)
    expect(stderr).match(/^cleaned up\n(.*\n)*RangeError: no\n.*a\.ts:/)
    expect(stderr.match(/RangeError: no/g)).length(1)
    const seen = await run("process.on('uncaughtException', error => { console.log('seen', (error as Error).message) })\nscopeCleanupPush(() => { console.log('handler') })\nthrow new Error('no')")
    expect(seen).deep.equal({ code: 0, stdout: 'handler\nseen no\n', stderr: '' })
  })

  it('lose no failure of it, if they end the process or never end', async () => {
    const exits = await run("scopeCleanupPush(() => { process.exit(3) })\nthrow new RangeError('no')")
    expect(exits.code).equal(3)
    expect(exits.stderr).match(/^RangeError: no\n/)
    const waits = await run("scopeCleanupPush(() => new Promise(() => {}))\nthrow new RangeError('no')")
    expect(waits.code).equal(13)
    expect(waits.stderr).contain('RangeError: no\n').and.contain('unsettled top-level await')
  })

  it('end it with 1 if they fail', async () => {
    const { code, stderr } = await run("scopeCleanupPush(() => { throw new Error('handler') })")
    expect(code).equal(1)
    expect(stderr).match(/^Main fiber, in a cleanup handler, panicked: Error: handler\n/)
  })

  it('run in an actor when that is through', async () => {
    programs.put({ 'worker.ts': `${prelude}
      const to = await inbox.receive<typeof inbox>()
      scopeCleanupPush(() => { to.send('cleaned up') })
      spawn(async () => { await sleep(0.02); to.send('fiber') })
      throw new Error('on purpose')` })
    const { code, stdout } = await run(`import { spawnVm } from '@emilua/runtime'
      const worker = await spawnVm(new URL('./worker.ts', import.meta.url))
      worker.send(inbox)
      console.log(await inbox.receive())
      console.log((await worker.closed).reason)`)
    expect({ code, stdout }).deep.equal({ code: 0, stdout: 'cleaned up\npanicked: Error: on purpose\n' })
  }).timeout(20_000)
})
