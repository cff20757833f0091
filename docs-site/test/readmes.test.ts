// SPDX-License-Identifier: MIT OR BSL-1.0
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../..', import.meta.url))
const emilua = join(root, 'emilua')
const env = { ...process.env, EMILUA_NO_BUILD: '1' }

function blocks (file: string, language: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(match => match[1]!)
}

/** What a program says it prints: the comments at the ends of its console.log lines, of print lines in Lua. */
function promised (program: string): string[] {
  return [...program.matchAll(/^\s*(?:console\.log|print)\(.*\) (?:\/\/|--) (.*)$/gm)].map(match => match[1]!)
}

describe('the programs in the READMEs', function () {
  this.timeout(20_000)
  let folder: string

  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-readme-')) })
  afterEach(() => rmSync(folder, { recursive: true }))

  function output (program: string, language = 'ts'): Promise<string> {
    const path = join(folder, `program.${language}`)
    writeFileSync(path, program)
    return new Promise((resolve, reject) => {
      execFile(emilua, [path], { env, cwd: folder }, (error, stdout, stderr) => error ? reject(new Error(stderr)) : resolve(stdout))
    })
  }

  // @emilua/native is for those who write packages; its README shows fragments.
  for (const name of readdirSync(join(root, 'packages')).filter(each => each !== 'native')) {
    it(`@emilua/${name}: the first one runs and prints what it says`, async () => {
      // What is no package of npm is one of Lua.
      const language = existsSync(join(root, 'packages', name, 'package.json')) ? 'ts' : 'lua'
      const [program] = blocks(join(root, 'packages', name, 'README.md'), language)
      expect(program, `a ${language} block`).a('string')
      const printed = await output(program!, language)
      if (promised(program!).length) expect(printed.trim().split('\n')).deep.equal(promised(program!))
    })
  }

  async function freePort (): Promise<number> {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise(resolve => server.close(resolve))
    return port
  }

  function echoed (port: number, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      socket.on('data', data => { resolve(String(data)); socket.destroy() })
      socket.on('error', reject)
    })
  }

  /** Resolves once the server has seen the end, or the reset, of the connection, and closed its side. */
  function hungUp (port: number, how: 'end' | 'reset'): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('bye'))
      socket.once('data', () => {
        if (how === 'end') socket.end()
        else socket.resetAndDestroy()
      })
      socket.on('close', () => resolve())
      socket.on('error', reject)
    })
  }

  async function listening (port: number, child: ChildProcess): Promise<string> {
    while (child.exitCode === null) {
      try { return await echoed(port, 'ping') } catch { /* it has not come up yet */ }
    }
    throw new Error('the server ended')
  }

  for (const language of ['lua', 'ts']) {
    it(`README.md: the ${language} server echoes, and says nothing when clients leave`, async () => {
      const port = await freePort()
      const path = join(folder, `server.${language}`)
      writeFileSync(path, blocks(join(root, 'README.md'), language)[0]!.replace('7000', String(port)))
      const child = spawn('sh', ['-c', 'ulimit -n 60; exec "$0" "$1"', emilua, path], { env, stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      child.stderr!.on('data', data => { said += String(data) })
      try {
        expect(await listening(port, child)).equal('ping')
        await hungUp(port, 'reset')
        await hungUp(port, 'end')
        // By now the server has read of the first one's end.
        expect(await echoed(port, 'pong')).equal('pong')
        // more than there are descriptors for, at once and one after the other
        const burst = Array.from({ length: 100 }, () => connect(port, '127.0.0.1'))
        await Promise.all(burst.map(socket => new Promise(resolve => socket.once('connect', resolve))))
        const answer = new Promise(resolve => burst.at(-1)!.once('data', resolve).write('last'))
        for (const socket of burst.slice(0, -1)) socket.destroy()
        expect(String(await answer)).equal('last')
        burst.at(-1)!.destroy()
        for (let i = 0; i < 300; i++) expect(await echoed(port, 'ping')).equal('ping')
        expect(said).equal('')
      } finally {
        const ended = new Promise(resolve => child.on('exit', resolve))
        child.kill()
        await ended
      }
    })
  }

  it('README.md: a package works alone', async () => {
    expect(await output(blocks(join(root, 'README.md'), 'ts')[1]!)).equal('AbortError\n')
  })

  it('every package has one', () => {
    expect(readdirSync(join(root, 'packages')).filter(name => !existsSync(join(root, 'packages', name, 'README.md')))).deep.equal([])
  })
})
