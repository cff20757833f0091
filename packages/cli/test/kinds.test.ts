// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { Programs } from './programs.js'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const requiresModules = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)

describe('kinds of files', () => {
  let programs: Programs
  beforeEach(() => { programs = new Programs() })
  afterEach(() => programs.remove())

  const put = (files: Record<string, string>): void => programs.put(files)
  const output = (...words: string[]) => programs.output(words)

  it('.cjs, .mjs, .js and .mts run', async () => {
    put({ 'a.cjs': 'console.log(require.main === module, process.argv[2])', 'b.mjs': 'console.log(import.meta.filename)', 'c.mts': 'console.log(1 as number)' })
    put({ 'd.js': 'console.log(require.main === module)', 'package/package.json': '{ "type": "module" }', 'package/e.js': 'console.log(await 5)' })
    expect(await output('a.cjs', 'x')).equal('true x\n')
    expect(await output('b.mjs')).equal(`${programs.folder}/b.mjs\n`)
    expect(await output('c.mts')).equal('1\n')
    expect(await output('d.js')).equal('true\n')
    expect(await output('package/e.js')).equal('5\n')
  })

  it('.cts runs as CommonJS, is required and imported, and is one module to all', async () => {
    put({
      'a.cts': "import fs = require('node:fs')\nimport { v } from './b.cjs'\nconst same: boolean = require('./b.cts') === require('./b')\nconsole.log(typeof fs.readFileSync, v, same, __filename, require.main === module)\nmodule.exports.named = 1",
      'b.cts': "export const v: number = 7\nexport const object = {}\nconsole.log('once')",
      'c.ts': "import b, { object, v } from './b.cts'\nimport { createRequire } from 'node:module'\nconsole.log(v, b.object === object, createRequire(import.meta.url)('./b.cjs') === b)",
      'd.cjs': "console.log(require('./b.cts').v)"
    })
    expect(await output('a.cts')).equal(`once\nfunction 7 true ${programs.folder}/a.cts true\n`)
    expect(await output('c.ts')).equal('once\n7 true true\n')
    expect(await output('d.cjs')).equal('once\n7\n')
  })

  it('.cts has stack traces of its source', async () => {
    put({ 'a.cts': "interface Unused { n: number }\n\nfunction fail (): never { throw new Error('no') }\nfail()", 'b.cts': 'let a: = 1' })
    const { code, stderr } = await programs.run(['a.cts'])
    expect(code).equal(1)
    expect(stderr).match(/a\.cts:3:33\b/).and.match(/a\.cts:4:1\b/).and.not.contain(programs.cache)
    expect(await programs.run(['b.cts'])).deep.equal({ code: 1, stdout: '', stderr: `${programs.folder}/b.cts:1:8: Unexpected "="\n  let a: = 1\n         ^\n` })
  })

  it('ES modules in TypeScript can be required where Node can', async function () {
    if (!requiresModules) return this.skip()
    put({
      'a.ts': "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\nconsole.log(require('./b.ts').b, require('./c').c)",
      'b.ts': 'export const b: number = 1',
      'c.mts': "import { b } from './b.ts'\nexport const c: number = b + 1"
    })
    const { code, stdout } = await programs.run(['a.ts'])
    expect({ code, stdout }).deep.equal({ code: 0, stdout: '1 2\n' })
  })

  it('others are refused, and never given to the parser of Lua', async () => {
    put({ 'a.py': 'print(1)', 'a.json': '{}', 'a.d': '' })
    for (const [name, kind] of [['a.py', '.py'], ['a.json', '.json'], ['a.d', '.d']] as const) {
      const { code, stderr } = await programs.run([name])
      expect(code).equal(2)
      expect(stderr).contain(`emilua: unknown kind of file '${kind}': ${name}`)
    }
    put({ 'a.ts': "import './b.css'", 'b.css': '' })
    expect((await programs.run(['a.ts'])).stderr).contain('Unknown file extension ".css"').and.contain(`${programs.folder}/b.css`)
  })

  it('a module may be named without its extension, as a folder, or as its output', async () => {
    put({
      'a.ts': "import { b } from './b'\nimport { c } from './c'\nimport { d } from './d.jsx'\nimport { b as again } from './b.ts?again'\nimport * as b1 from './b.js'\nimport * as b2 from './b.ts?2'\nconsole.log(b, c, d, again, b1 === b2)",
      'b.ts': 'export const b: number = 1', 'c/index.ts': 'export const c: number = 2', 'd.tsx': 'export const d: number = 3', 'tsconfig.json': '{ "compilerOptions": { "jsx": "react" } }'
    })
    expect(await output('a.ts')).equal('1 2 3 1 false\n')
  })

  it('import.meta.resolve names sources and packages as they lie', async () => {
    put({
      'a.ts': "for (const name of ['./b.ts', './b.js', './none.txt', 'p', 'node:fs', '#x']) console.log(import.meta.resolve(name))\ntry { import.meta.resolve('none') } catch (error) { console.log((error as Error).message) }",
      'b.ts': '', 'node_modules/p/package.json': '{ "exports": "./p.js" }', 'node_modules/p/p.js': '', 'package.json': '{ "imports": { "#x": "./b.ts" } }'
    })
    const here = `file://${programs.folder}`
    expect((await output('a.ts')).trim().split('\n')).deep.equal([
      `${here}/b.ts`, `${here}/b.ts`, `${here}/none.txt`, `${here}/node_modules/p/p.js`, 'node:fs', `${here}/b.ts`,
      `Cannot find package 'none' imported from ${programs.folder}/a.ts`
    ])
  })

  describe('errors name sources, never what they were compiled into:', () => {
    const cases: Record<string, [Record<string, string>, RegExp]> = {
      'an export that is missing': [{ 'a.ts': "interface I { n: number }\ninterface J { n: number }\nimport { x } from './b.ts'\nconsole.log(x)", 'b.ts': '' }, /a\.ts:3\n[^]*'\.\/b\.ts' does not provide an export named 'x'/],
      'a package that is missing': [{ 'a.ts': "import './b.ts'", 'b.ts': "import 'none'" }, /'none' imported from \/.*\/b\.ts/],
      'a package that is missing, imported late': [{ 'a.ts': "await import('none')" }, /'none' imported from \/.*\/a\.ts/],
      'a file that is missing, imported late': [{ 'a.ts': "await import('./none.ts')" }, /none\.ts' imported from \/.*\/a\.ts/],
      'an internal name that is missing': [{ 'a.ts': "import '#none'", 'package.json': '{ "imports": {} }' }, /#none/],
      'what the compiler adds': [{ 'a.ts': "{ using a = { [Symbol.dispose] () { throw new Error('one') } }; throw new Error('two') }" }, /SuppressedError|one/],
      'top-level await that never ends': [{ 'a.ts': 'await new Promise(() => {})' }, /^Warning: Detected unsettled top-level await in \/.*\/a\.ts\n$/]
    }
    for (const [title, [files, expected]] of Object.entries(cases)) {
      it(title, async () => {
        put(files)
        const { code, stderr } = await programs.run(['a.ts'])
        expect(code).not.equal(0)
        expect(stderr).match(expected).and.not.contain(programs.cache).and.not.match(/\.ts\.mjs/)
      })
    }
  })
})
