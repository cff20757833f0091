// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { main, Programs } from './programs.js'

describe('command line', () => {
  let programs: Programs
  beforeEach(() => { programs = new Programs() })
  afterEach(() => programs.remove())

  const put = (files: Record<string, string>): void => programs.put(files)
  const output = (...words: string[]) => programs.output(words)
  const json = async (...words: string[]): Promise<unknown> => JSON.parse(await output(...words))

  it('hands options on to Node', async () => {
    put({ 'a.ts': 'console.log(JSON.stringify([process.env.SAID, process.execArgv, process.argv.slice(1)]))', '.env': 'SAID=this' })
    const file = join(programs.folder, 'a.ts')
    expect(await json('--env-file=.env', 'a.ts', 'x', '--y')).deep.equal(['this', ['--env-file=.env'], [file, 'x', '--y']])
    expect(await json('--env-file', '.env', '--no-warnings', 'a.ts', '--', '--', 'x')).deep.equal(['this', ['--env-file', '.env', '--no-warnings'], [file, '--', 'x']])
    expect((await programs.run(['--nothing', 'a.ts'])).stderr).contain('bad option: --nothing')
  })

  it('starts the inspector', async () => {
    put({ 'a.ts': "import { url } from 'node:inspector'\nconsole.log(url()?.slice(0, 5) as string)" })
    const { stdout, stderr } = await programs.run(['--inspect=0', 'a.ts'])
    expect(stdout).equal('ws://\n')
    expect(stderr).contain('Debugger listening')
  })

  it('imports modules first, also in TypeScript', async () => {
    put({ 'a.ts': 'console.log((globalThis as any).said)', 'b.ts': 'Object.assign(globalThis, { said: 5 as number })', 'c.mjs': 'globalThis.said = 6' })
    expect(await output('--import', './b.ts', 'a.ts')).equal('5\n')
    expect(await output('--no-warnings', '--import=./b.ts', 'a.ts')).equal('5\n')
    expect(await output('--import', './c.mjs', 'a.ts')).equal('6\n')
  })

  it('takes a text, or the standard input, for a program', async () => {
    put({ 'b.ts': 'export const b: number = 1' })
    expect(await output('-e', "import { b } from './b.ts'\nconsole.log(b as number, import.meta.dirname, process.argv.slice(1).join())", 'x', 'y')).equal(`1 ${programs.folder} x,y\n`)
    expect(await output('-p', '[1, 2].map((n: number) => n * 2)')).equal('[ 2, 4 ]\n')
    expect(await output('-p', "(await import('./b.ts')).b;")).equal('1\n')
    expect(await programs.output(['-', 'x'], { stdin: 'console.log(process.argv[1] as string)' })).equal('x\n')
    expect(await output('--no-warnings', '-e', 'console.log(process.execArgv)')).equal("[ '--no-warnings' ]\n")
    const { code, stderr } = await programs.run(['-e', "\nthrow new Error('no')"])
    expect(code).equal(1)
    expect(stderr).contain(`${programs.folder}/[eval]:2:`).and.not.contain(programs.cache)
  })

  it('refuses what makes no sense, like the native executable', async () => {
    put({ 'a.lua': "print('ran')", 'a.ts': '' })
    const cases: [string[], RegExp][] = [
      [['--watch'], /no program after --watch/],
      [['--foo', 'a.lua'], /no program after --foo/], [['--wach', 'a.lua'], /unknown option '--wach'; is it '--watch'/], [['--watch', 'a.lua'], /--watch is an option of Node, and a\.lua does not run on it/],
      [['--test', 'a.ts'], /--test of Node is not for emilua/],
      [['--import'], /--import needs a value/],
      [['-e'], /-e needs a text/],
      [['--hlep'], /unknown option '--hlep'; is it '--help' that is meant\?/],
      [['--verison'], /unknown option '--verison'; is it '--version' that is meant\?/],
      [['--nothing-like-it'], /no program after --nothing-like-it/],
      [['none.ts'], /cannot open 'none\.ts': No such file or directory/],
      [['none.lua'], /cannot open 'none\.lua': No such file or directory/],
      [['none'], /cannot open 'none': No such file or directory/]
    ]
    for (const [words, expected] of cases) {
      const { code, stdout, stderr } = await programs.run(words)
      expect({ code, stdout }, words.join(' ')).deep.equal({ code: 2, stdout: '' })
      expect(stderr).match(expected).and.match(/^emilua: .+\nTry 'emilua --help'\.\n$/)
    }
  })

  it('passes arguments to programs in Lua as to those in TypeScript', async () => {
    put({ 'a.lua': "local args = require('system').arguments\nlocal out = {}\nfor i = 3, #args do out[#out + 1] = args[i] end\nprint(table.concat(out, ' '))" })
    for (const [given, got] of [[['a', '--b'], 'a --b'], [['--', 'a', '--b'], 'a --b'], [['--', '--', 'a'], '-- a'], [['a', '--'], 'a --'], [[], '']] as const) {
      expect(await output('a.lua', ...given), given.join(' ')).equal(`${got}\n`)
    }
  })

  it('runs the init.lua of a folder, and says when there is none', async () => {
    put({ 'with/init.lua': "print('ran')" })
    mkdirSync(join(programs.folder, 'without'))
    expect(await output('./with')).equal('ran\n')
    expect(await programs.run(['./without/'])).deep.equal({ code: 2, stdout: '', stderr: "emilua: no init.lua in ./without\nTry 'emilua --help'.\n" })
  })

  it('tells the versions, and how programs are run', async () => {
    expect(await output('--version')).match(/^emilua \d+\.\d+\.\d+ \(follows Emilua 0\.11\.0\)\nLuaJIT 2\.1\S*\nNode v\d+\.\d+\.\d+\n$/)
    const help = await output('--help')
    for (const part of ['PROGRAM.lua', 'PROGRAM.ts', 'run on Node', '--inspect', '--watch', 'NODE_OPTIONS']) expect(help).contain(part)
  })

  it('watches the sources, also after one that does not compile', async () => {
    put({ 'a.ts': "import { b } from './b.ts'\nconsole.log('b is', b)", 'b.ts': 'export const b: number = 1' })
    const child = spawn(process.execPath, [main, '--watch', 'a.ts'], { cwd: programs.folder, env: { ...process.env, XDG_CACHE_HOME: programs.cache } })
    let text = ''
    const heard = async (wanted: string): Promise<void> => {
      while (!text.includes(wanted)) await new Promise(resolve => child.once('said', resolve))
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', data => { text += String(data); child.emit('said') })
    try {
      await heard('b is 1')
      await heard('Completed running')
      put({ 'b.ts': 'export const b: = 2' })
      await heard('b.ts:1:')
      await heard('Failed running')
      put({ 'b.ts': 'export const b: number = 3' })
      await heard('b is 3')
    } finally {
      const ended = new Promise(resolve => child.once('exit', resolve))
      child.kill()
      await ended
    }
  })
})
