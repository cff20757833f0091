// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { freePort, servesOn } from './servers.ts'

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

  for (const language of ['lua', 'ts']) {
    it(`README.md: the ${language} server echoes, and says nothing when clients leave`, async () => {
      const port = await freePort()
      const path = join(folder, `server.${language}`)
      writeFileSync(path, blocks(join(root, 'README.md'), language)[0]!.replace('7000', String(port)))
      await servesOn(path, port)
    })
  }

  it('README.md: the executable is as large as it says', () => {
    const [, megabytes] = /an executable of less than (\d+) megabytes/.exec(readFileSync(join(root, 'README.md'), 'utf8'))!
    expect(statSync(join(root, 'native-core/build/release/emilua')).size).within(0.8e6 * Number(megabytes), 1e6 * Number(megabytes))
  })

  it('README.md: a package works alone', async () => {
    expect(await output(blocks(join(root, 'README.md'), 'ts')[1]!)).equal('AbortError\n')
  })

  it('README.md: a sandbox prints what it says', async () => {
    const program = blocks(join(root, 'README.md'), 'ts')[2]!
    expect((await output(program)).trim().split('\n')).deep.equal(promised(program))
  })

  it('every package has one', () => {
    expect(readdirSync(join(root, 'packages')).filter(name => !existsSync(join(root, 'packages', name, 'README.md')))).deep.equal([])
  })
})
