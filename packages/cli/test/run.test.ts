// SPDX-License-Identifier: MIT OR BSL-1.0
import { mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Programs } from './programs.js'

describe('emilua PROGRAM.ts', () => {
  let programs: Programs
  let folder: string

  beforeEach(() => {
    programs = new Programs()
    folder = programs.folder
  })
  afterEach(() => programs.remove())

  const put = (files: Record<string, string>): void => programs.put(files)
  const run = (...words: string[]) => programs.run(words)
  const output = (...words: string[]) => programs.output(words)

  it('strips types, keeps enums and awaits at top level', async () => {
    put({ 'a.ts': 'enum K { A = 3 }\nclass P { constructor (readonly n: number) {} }\nconst n: number = await Promise.resolve(K.A)\nconsole.log(new P(n).n)' })
    expect(await output('a.ts')).equal('3\n')
  })

  it('passes the arguments, without the dashes that separate them', async () => {
    put({ 'a.ts': 'console.log(JSON.stringify(process.argv.slice(1)))' })
    expect(JSON.parse(await output('a.ts', '--', 'x', '--y'))).deep.equal([join(folder, 'a.ts'), 'x', '--y'])
    expect(JSON.parse(await output('a.ts', 'x'))).deep.equal([join(folder, 'a.ts'), 'x'])
  })

  it('follows relative imports of TypeScript, JavaScript, CommonJS and JSON', async () => {
    put({
      'a.ts': "import { b } from './sub/b.ts'\nimport { c } from './c.mjs'\nimport d from './d.cjs'\nimport e from './e.json' with { type: 'json' }\nimport { f } from './f.js'\nimport g from './g.js'\nconsole.log(b, c, d, e.v, f, g)",
      'sub/b.ts': "import type { T } from '../t.ts'\nexport const b: T = 'b'",
      't.ts': 'export type T = string',
      'c.mjs': "export { b as c } from './sub/b.ts'",
      'd.cjs': "module.exports = 'd'",
      'e.json': '{ "v": "e" }',
      'f.ts': "export const f: string = 'f'",
      'g.js': "module.exports = 'g'"
    })
    expect(await output('a.ts')).equal('b b d e f g\n')
  })

  it('gives one instance of a module to every importer, also by a computed name', async () => {
    put({
      'a.ts': "import { object } from './shared.ts'\nimport { name } from './name.mjs'\nconst late = await import(name)\nconst literal = await import('./shared.ts')\nconsole.log(late.object === object, literal.object === object)",
      'name.mjs': "export const name = './late.ts'",
      'late.ts': "export { object } from './shared.ts'",
      'shared.ts': 'export const object = {}'
    })
    expect(await output('a.ts')).equal('true true\n')
  })

  it('keeps import.meta that of the source', async () => {
    put({ 'a.ts': "console.log(JSON.stringify([import.meta.url, import.meta.filename, import.meta.dirname, new URL('./m.lua', import.meta.url).href]))" })
    expect(JSON.parse(await output('a.ts'))).deep.equal([`file://${folder}/a.ts`, `${folder}/a.ts`, folder, `file://${folder}/m.lua`])
  })

  it('finds our packages in this installation', async () => {
    put({ 'a.ts': "import * as errors from '@emilua/errors'\nconsole.log(typeof errors)" })
    expect(await output('a.ts')).equal('object\n')
  })

  it('starts a worker with a TypeScript module', async () => {
    put({
      'a.ts': "import { Worker } from 'node:worker_threads'\nimport { compile } from '@emilua/cli/run'\nnew Worker(compile(new URL('./w.ts', import.meta.url).pathname)).on('message', message => console.log(message))",
      'w.ts': "import { parentPort } from 'node:worker_threads'\nconst n: number = 5\nparentPort!.postMessage(n)"
    })
    expect(await output('a.ts')).equal('5\n')
  })

  it("prefers the program's own packages, also those installed after the first run", async () => {
    put({ 'a.ts': "const found = await import('@emilua/errors')\nconsole.log(found.own ?? 'ours')" })
    expect(await output('a.ts')).equal('ours\n')
    put({
      'node_modules/@emilua/errors/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/@emilua/errors/index.js': "export const own = 'own'"
    })
    expect(await output('a.ts')).equal('own\n')
  })

  it('points stack traces at the source', async () => {
    put({ 'a.ts': 'interface Unused { n: number }\n\nfunction fail (): never {\n  throw new Error(`no ${1 as number}`)\n}\nfail()' })
    const { code, stderr } = await run('a.ts')
    expect(code).equal(1)
    expect(stderr).contain('Error: no 1').and.match(/a\.ts:4:9\b/).and.match(/a\.ts:6:1\b/)
    expect(stderr).not.contain(programs.cache)
  })

  it('shows an uncaught DOMException, whose code is a number', async () => {
    put({ 'a.ts': "const name: string = 'TimeoutError'\nthrow new DOMException('too late', name)" })
    const { code, stderr } = await run('a.ts')
    expect(code).equal(1)
    expect(stderr).contain('too late').and.match(/a\.ts:2:7\b/).and.not.contain('startsWith')
  })

  it('says where a source does not parse', async () => {
    put({ 'a.ts': "import './b.ts'", 'b.ts': 'let ok = 1\nlet a: = 3' })
    const { code, stderr } = await run('a.ts')
    expect(code).equal(1)
    expect(stderr).equal(`${folder}/b.ts:2:8: Unexpected "="\n  let a: = 3\n         ^\n`)
  })

  it('says the same of an actor that does not parse, without its own lines', async () => {
    put({
      'a.ts': "import { spawnVm } from '@emilua/runtime'\nconst actor = await spawnVm(new URL('./b.ts', import.meta.url))\nconsole.log((await actor.closed).reason)",
      'b.ts': 'let a: = 3'
    })
    const { stdout, stderr } = await run('a.ts')
    expect(stderr).match(/^Actor .*b\.ts \(thread \d+\) panicked: Error \[CompileError\]: .*\/b\.ts:1:8: Unexpected "="\n {2}let a: = 3\n {9}\^\n {4}at .*\/b\.ts:1:8\n$/)
    expect(stdout).contain('b.ts:1:8: Unexpected "="')
  })

  it('runs what an editor put a byte order mark in front of', async () => {
    put({ 'a.ts': '\uFEFF#!/usr/bin/env emilua\nconst x: number = 1\nconsole.log(x)', 'b.ts': '\uFEFFconst x: number = 2\nconsole.log(x)' })
    expect((await run('a.ts')).stdout).equal('1\n')
    expect((await run('b.ts')).stdout).equal('2\n')
  })

  it('names what cannot be found, and who wanted it, by their own names', async () => {
    put({ 'a.ts': "import './none.ts'", 'b.ts': "import 'no-such-package'" })
    expect((await run('a.ts')).stderr).contain(`'${folder}/none.ts' imported from ${folder}/a.ts`)
    expect((await run('b.ts')).stderr).contain(`'no-such-package' imported from ${folder}/b.ts`)
    expect(await run('c.ts')).deep.equal({ code: 2, stdout: '', stderr: "emilua: cannot open 'c.ts': No such file or directory\nTry 'emilua --help'.\n" })
  })

  it('compiles once', async () => {
    put({ 'a.ts': "console.log('first')" })
    await output('a.ts')
    const { ino } = statSync(programs.compiled('a.ts'))
    expect(await output('a.ts')).equal('first\n')
    expect(statSync(programs.compiled('a.ts')).ino).equal(ino)
  })

  it('compiles anew when an imported source changes, and not when only its date does', async () => {
    put({ 'a.ts': "import { b } from './b.ts'\nconsole.log(b)", 'b.ts': 'export const b = 1' })
    expect(await output('a.ts')).equal('1\n')
    put({ 'b.ts': 'export const b = 2' })
    expect(await output('a.ts')).equal('2\n')
    const { ino } = statSync(programs.compiled('a.ts'))
    utimesSync(join(folder, 'b.ts'), 1, 1)
    expect(await output('a.ts')).equal('2\n')
    expect(statSync(programs.compiled('a.ts')).ino).equal(ino)
  })

  it('runs without a cache it can write to, and leaves nothing behind', async () => {
    put({ 'a.ts': "console.log('ran')", 'cache': 'a file where the folder would be' })
    const temporary = join(folder, 'tmp')
    mkdirSync(temporary)
    expect(await programs.output(['a.ts'], { env: { TMPDIR: temporary } })).equal('ran\n')
    expect(readdirSync(temporary)).deep.equal([])
  })

  it('keeps private what it compiles', async () => {
    put({ 'a.ts': '' })
    await output('a.ts')
    expect(statSync(programs.compiled('a.ts')).mode & 0o077).equal(0)
  })
})
