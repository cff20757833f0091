// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFile } from 'node:child_process'
import { expect } from 'chai'
import { main, Programs } from './programs.js'

describe('a program whose output nobody reads', () => {
  let programs: Programs
  beforeEach(() => { programs = new Programs() })
  afterEach(() => programs.remove())

  // An addon with a sanitizer is loaded by a Node that has its library already.
  const preload = process.env.LD_PRELOAD

  /** The status of the program, its complaints, and what was read of it before that ended. */
  function piped (source: string, LD_PRELOAD?: string): Promise<{ status: string, stderr: string, read: string }> {
    programs.put({ 'a.ts': source })
    const line = `{ ${process.execPath} ${main} a.ts; echo "status $?" >&3; } 3>&2 | head -n 1`
    const env = { ...process.env, EMILUA_SHUFFLE: undefined, LD_PRELOAD, XDG_CACHE_HOME: programs.cache }
    return new Promise((resolve, reject) => {
      execFile('sh', ['-c', line], { cwd: programs.folder, env, timeout: 60_000 }, (error, stdout, stderr) => {
        if (error) return reject(new Error(`${error.message}, ${error.signal} ${error.code}: ${stdout.slice(0, 99)} ${stderr.slice(0, 999)}`))
        const status = /^status .*$/m.exec(stderr)?.[0] ?? ''
        resolve({ status, stderr: stderr.replace(`${status}\n`, ''), read: stdout })
      })
    })
  }

  const quiet = { status: 'status 141', stderr: '', read: 'y\n' }

  type Printing = [how: string, source: string, library?: string]
  const programsThatPrint: Printing[] = [
    ['in a loop that only prints', "for (;;) console.log('y')"],
    ['in a loop that waits', "for (;;) { console.log('y'); await new Promise(resolve => setImmediate(resolve)) }"],
    ['through its stream', "for (;;) { process.stdout.write('y\\n'); await new Promise(resolve => setImmediate(resolve)) }"],
    ['through that of the core', "import { stdout as out } from '@emilua/system'\nimport { writeAll } from '@emilua/stream'\nfor (;;) await writeAll(out, Buffer.from('y\\n'))", preload],
    ...['spawn(work)', 'spawn(work).detach()', 'void spawn(work).join()', 'void work()', 'void timeout(60, work)'].map((call): Printing => [`in what nobody waits for: ${call}`,
      `import { stdout as out } from '@emilua/system'\nimport { spawn, timeout } from '@emilua/runtime'\nimport { writeAll } from '@emilua/stream'\n` +
      `async function work () { for (;;) await writeAll(out, Buffer.from('y\\n')) }\n${call}\nsetInterval(() => {}, 1000)`, preload])
  ]
  for (const [how, source, library] of programsThatPrint) {
    it(`ends as SIGPIPE would end it, ${how}`, async () => { expect(await piped(source, library)).deep.equal(quiet) }).timeout(90_000)
  }

  it('decides by itself if it listens', async () => {
    const source = "process.stdout.on('error', error => { process.exit((error as NodeJS.ErrnoException).code === 'EPIPE' ? 7 : 8) })\nfor (;;) { process.stdout.write('y\\n'); await new Promise(resolve => setImmediate(resolve)) }"
    expect(await piped(source)).deep.equal({ ...quiet, status: 'status 7' })
  }).timeout(90_000)

  it('says who could not be written to, where it is another', async () => {
    const source = "import { spawn } from '@emilua/system'\nimport { writeAll } from '@emilua/stream'\nconst child = await spawn({ program: 'true', stdin: 'pipe' })\nawait child.wait()\nawait writeAll(child.stdin, Buffer.from('x'))"
    const { status, stderr } = await piped(source, preload)
    expect(status).equal('status 1')
    expect(stderr).contain("code: 'EPIPE'")
  }).timeout(90_000)
})
