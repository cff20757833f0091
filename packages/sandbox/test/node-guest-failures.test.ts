// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { foundations, preferred } from './foundations.js'

interface End { status: number | null, out: string, err: string }

describe('a Node in a sandbox that fails', function () {
  this.timeout(60_000)
  let folder: string
  // A sanitizer's library would have to be loaded before Node, and nothing of this process's environment gets there.
  before(function () { if (/lib[at]san/.test(process.env.LD_PRELOAD ?? '')) this.skip() })
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-')) })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  /** A program that starts `guest`, asks how it ended if it is to, and prints that. */
  function run (guest: string, { asks = true, options = '', foundation = preferred as string } = {}): End {
    const path = join(folder, 'guest.ts')
    writeFileSync(path, guest)
    const source = `
      import { spawnVm } from '@emilua/runtime'
      import { Sandbox } from '@emilua/sandbox'
      const { module, subprocess } = new Sandbox({ foundation: '${foundation}' }).context(${JSON.stringify(path)})
      const guest = await spawnVm({ module, subprocess: { ...subprocess ${options} } })
      ${asks ? 'console.log((await guest.closed).reason)' : "while (true) try { await guest.send('x') } catch { break }\nawait guest.ended()"}`
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
      cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8', timeout: 60_000,
      env: { ...process.env, EMILUA_COLORS: '0', EMILUA_SHUFFLE: undefined, NODE_OPTIONS: undefined }
    })
    return { status, out: stdout, err: stderr }
  }

  const own = 'class Refused extends Error { name = "Refused"; code = "E_NO" }\nfunction f () { throw new Refused("on purpose") }\nf()'

  for (const foundation of foundations) {
    it(`tells its class, message, code and stack, once, on ${foundation}`, () => {
      const { status, out, err } = run(own, { foundation })
      expect(out).match(/^panicked: Refused: on purpose \[E_NO\]\nstack traceback:\n\tat f \(.*guest\.ts:2:23\)\n/)
      expect(err).match(/^Actor \/\S+\/guest\.ts \(process \d+\): panicked: Refused: on purpose \[E_NO\]\nstack traceback:\n\tat f \(.*guest\.ts:2:23\)\n/)
      expect(err.match(/on purpose/g)).length(1)
      expect(status).equal(0)
    })
  }

  it('makes the status of its starter 1, unless somebody asked', () => {
    const { status, err } = run(own, { asks: false })
    expect(err.match(/on purpose/g)).length(1)
    expect(status).equal(1)
  })

  it('is reported by itself where it has a standard error', () => {
    const { out, err } = run(own, { options: ", stderr: 'share'" })
    expect(out).match(/^panicked: Refused: on purpose \[E_NO\]\n/)
    expect(err).include('Refused: on purpose').and.not.match(/^Actor /m)
    expect(err.match(/Refused: on purpose/g)).length(1)
  })

  it('tells of what is no error, of promises and of fibers', () => {
    expect(run('throw 42').out).equal('panicked: 42\n')
    expect(run('throw { get code () { throw 1 }, get stack () { throw 2 } }').out).match(/^panicked: /)
    expect(run('setTimeout(() => Promise.reject(new TypeError("late")), 1)').out).match(/^panicked: TypeError: late\n/)
    const fiber = run("import { spawn } from '@emilua/runtime'; spawn(async () => { throw new RangeError('in a fiber') })")
    expect(fiber.err).match(/^Actor \S+ \(process \d+\): Fiber \S+ panicked: RangeError: in a fiber\nstack traceback:\n\tat /)
    expect(fiber.out).equal('exited with status 1\n')
  })

  it('tells nothing of what its program handles', () => {
    const { out, err } = run("process.on('uncaughtException', () => { process.exit(4) }); throw new Error('handled')")
    expect({ out, err }).deep.equal({ out: 'exited with status 4\n', err: '' })
  })

  it('tells nothing that does something to a terminal, or is without end', () => {
    const { out, err } = run("throw new Error('\\x1b[2J red\\nActor x' + 'y'.repeat(1e6))")
    for (const text of [out, err]) expect(text).include('\\x1b[2J red\n').and.not.include('\x1b').and.not.match(/^Actor x/m)
    expect(out.length).below(5000)
  })
})
