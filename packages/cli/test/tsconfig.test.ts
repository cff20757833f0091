// SPDX-License-Identifier: MIT OR BSL-1.0
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { Programs } from './programs.js'

const typescript = fileURLToPath(new URL('../../../node_modules/typescript', import.meta.url))

describe('what surrounds a program', () => {
  let programs: Programs
  beforeEach(() => { programs = new Programs() })
  afterEach(() => programs.remove())

  const put = (files: Record<string, string>): void => programs.put(files)
  const output = (...words: string[]) => programs.output(words)
  const tsconfig = (compilerOptions: Record<string, unknown>, more: Record<string, unknown> = {}): string => JSON.stringify({ ...more, compilerOptions })

  const decorated = `
    function log (target: any, key: string, desc: PropertyDescriptor) {
      const f = desc.value
      desc.value = function (...a: any[]) { console.log('call', key, a); return f.apply(this, a) }
    }
    class A { @log m (x: number) { return x + 1 } }
    console.log(new A().m(1))`

  describe('tsconfig.json', () => {
    it('decides what decorators are', async () => {
      put({ 'a.ts': decorated, 'tsconfig.json': tsconfig({ experimentalDecorators: true }) })
      expect(await output('a.ts')).equal('call m [ 1 ]\n2\n')
    })

    it('emits what decorators are told of types, as dependency injection wants it', async () => {
      put({
        'tsconfig.json': tsconfig({ experimentalDecorators: true, emitDecoratorMetadata: true, target: 'ES2021' }),
        'reflect.ts': 'Object.assign(Reflect, { metadata: (key: string, value: unknown) => (target: any) => { (target.told ??= {})[key] = value } })',
        'service.ts': 'export class Service { hello () { return "hello from the service" } }',
        'a.ts': `import './reflect.js'
          import { Service } from './service'
          function Injectable (): ClassDecorator { return () => {} }
          @Injectable()
          class Controller { constructor (readonly service: Service, readonly n: number) {} }
          const [first, second] = (Controller as any).told['design:paramtypes']
          console.log(new Controller(new first(), 1).service.hello(), second === Number)
          using end = { [Symbol.dispose] () { throw new Error('at the end') } }`
      })
      mkdirSync(join(programs.folder, 'node_modules'), { recursive: true })
      // Version 7 is a program of its own kind; where that is installed, another one has to be found, or asked for.
      put({ 'node_modules/typescript/index.js': "exports.version = '7.0.2'" })
      const { stdout: without, stderr: missing } = await programs.run(['a.ts'])
      expect([without, missing.includes('version 7.0.2 has no compiler that Node could call: npm install')]).deep.oneOf([['hello from the service true\n', false], ['', true]])
      rmSync(join(programs.folder, 'node_modules/typescript'), { recursive: true })
      symlinkSync(typescript, join(programs.folder, 'node_modules/typescript'))
      const { stdout, stderr } = await programs.run(['a.ts'])
      expect(stdout).equal('hello from the service true\n')
      expect(stderr).match(/at the end\n.*a\.ts:8:\d+/)
    })

    it('says how class fields are made', async () => {
      const source = 'class A { constructor () { (this as any).n = 1 } }\nclass B extends A { n?: number }\nconsole.log(new B().n)'
      put({ 'define/a.ts': source, 'assign/a.ts': source, 'old/a.ts': source })
      put({ 'define/tsconfig.json': tsconfig({ target: 'ESNext' }), 'assign/tsconfig.json': tsconfig({ useDefineForClassFields: false }), 'old/tsconfig.json': tsconfig({ target: 'ES2020' }) })
      expect([await output('define/a.ts'), await output('assign/a.ts'), await output('old/a.ts')]).deep.equal(['undefined\n', '1\n', '1\n'])
    })

    it('maps names to files, by paths and baseUrl, also those that it extends', async () => {
      put({
        'base.json': '{ /* with comments */ "compilerOptions": { "baseUrl": "src", "paths": { "@lib/*": ["lib/*.ts", "other/*"], "types": ["types.d.ts"] }, } }',
        'tsconfig.json': tsconfig({}, { extends: './base.json' }),
        'src/lib/util.ts': 'export const a: number = 1',
        'src/other/more.ts': 'export const b: number = 2',
        'src/plain/index.ts': 'export const c: number = 3',
        'src/types.d.ts': 'export declare const d: number',
        'node_modules/types/package.json': '{ "main": "x.js" }',
        'node_modules/types/x.js': 'exports.d = 4',
        'a.ts': "import { a } from '@lib/util'\nimport { b } from '@lib/more'\nimport { c } from 'plain'\nimport { d } from 'types'\nimport { join } from 'path'\nconsole.log(a, b, c, d, typeof join, Object.keys(await import('@lib/' + 'util')))"
      })
      expect(await output('a.ts')).equal("1 2 3 4 function [ 'a' ]\n")
    })

    it('that is nearest to a file applies to it', async () => {
      put({ 'a.ts': "import './in/b.ts'\nimport { x } from 'x'\nconsole.log(x)", 'tsconfig.json': tsconfig({ paths: { x: ['./one.ts'] } }), 'one.ts': 'export const x = 1' })
      put({ 'in/b.ts': "import { x } from 'x'\nconsole.log(x)", 'in/tsconfig.json': tsconfig({ paths: { x: ['./two.ts'] } }), 'in/two.ts': 'export const x = 2' })
      expect(await output('a.ts')).equal('2\n1\n')
    })

    it('that changed, appeared or is extended by one compiles the program anew', async () => {
      put({ 'in/a.ts': "import { x } from 'x'\nconsole.log(x)", 'in/one.ts': 'export const x = 1', 'two.ts': 'export const x = 2', 'three.ts': 'export const x = 3' })
      put({ 'tsconfig.json': tsconfig({}, { extends: './base.json' }), 'base.json': tsconfig({ paths: { x: ['./two.ts'] } }) })
      expect(await output('in/a.ts')).equal('2\n')
      put({ 'base.json': tsconfig({ paths: { x: ['./three.ts'] } }) })
      expect(await output('in/a.ts')).equal('3\n')
      put({ 'in/tsconfig.json': tsconfig({ paths: { x: ['./one.ts'] } }) })
      expect(await output('in/a.ts')).equal('1\n')
    })

    it('that extends nothing that there is, is at fault', async () => {
      put({ 'a.ts': '', 'tsconfig.json': tsconfig({}, { extends: './none.json' }) })
      const { code, stderr } = await programs.run(['a.ts'])
      expect(code).equal(1)
      expect(stderr).contain(`${programs.folder}/tsconfig.json: `).and.contain('none.json')
    })

    const mistakes: [title: string, text: string, message: string][] = [
      ['is cut', '{\n  "compilerOptions": { "jsx": "react"', '2:38: Expected "," in JSON but found end of file\n    "compilerOptions": { "jsx": "react"\n                                       ^'],
      ['is no JSON', '{\n  // comments are fine\n  compilerOptions: {}\n}', '3:3: Expected string in JSON but found "compilerOptions"\n    compilerOptions: {}\n    ^'],
      ['is a list', '[]', ' Expected an object'],
      ['has a number for jsx', '{ "compilerOptions": {\n    "jsx": 5 } }', '2:5: compilerOptions.jsx: Expected one of preserve, react, react-jsx, react-jsxdev, react-native, not 5\n      "jsx": 5 } }\n      ^'],
      ['has a jsx that there is not', '{ "compilerOptions": { /* "jsx" */ "jsx": "reactt" } }', '1:36: compilerOptions.jsx: Expected one of preserve, react, react-jsx, react-jsxdev, react-native, not "reactt"'],
      ['has text for a switch', '{ "compilerOptions": { "experimentalDecorators": "yes" } }', '1:24: compilerOptions.experimentalDecorators: Expected true or false, not "yes"'],
      ['has an unknown target', '{ "compilerOptions": { "target": "ES20" } }', '1:24: compilerOptions.target: Expected a version of ECMAScript, such as ES2022 or ESNext, not "ES20"'],
      ['has paths that are no lists', '{ "compilerOptions": { "paths": { "x": "./x.ts" } } }', '1:24: compilerOptions.paths: Expected an object of lists of strings, not {"x":"./x.ts"}'],
      ['has options that are none', '{ "compilerOptions": [] }', '1:3: compilerOptions: Expected an object']
    ]
    for (const [title, text, message] of mistakes) {
      it(`that ${title} is at fault, also where another extends it`, async () => {
        put({ 'a.ts': '', 'tsconfig.json': text, 'in/a.ts': '', 'in/tsconfig.json': tsconfig({}, { extends: '../tsconfig.json' }) })
        for (const program of ['a.ts', 'in/a.ts']) {
          const { code, stderr } = await programs.run([program])
          expect(stderr).contain(`${programs.folder}/tsconfig.json:${message}`)
          expect(code).equal(1)
        }
      })
    }

    it('may be empty, begin with a byte order mark, and take back what it extends', async () => {
      put({ 'a.ts': 'console.log(1)', 'tsconfig.json': '' })
      expect(await output('a.ts')).equal('1\n')
      put({ 'tsconfig.json': '\uFEFF{ "extends": "./base.json", "compilerOptions": { "paths": null, "JSX": 5, "target": "es6", }, }', 'base.json': tsconfig({ paths: { x: ['./x.ts'] } }) })
      expect(await output('a.ts')).equal('1\n')
    })

    it('says what JSX means, and without it JSX is refused', async () => {
      const source = 'function h (tag: string, props: unknown, ...inner: string[]) { return [tag, ...inner].join() }\nconsole.log(<b>text</b>)'
      put({ 'a.tsx': source })
      const { code, stderr } = await programs.run(['a.tsx'])
      expect(code).equal(1)
      expect(stderr).equal(`${programs.folder}/a.tsx: JSX needs "jsx" in the compilerOptions of a tsconfig.json, and there is none\n`)
      put({ 'tsconfig.json': tsconfig({ jsx: 'react', jsxFactory: 'h' }), 'b.jsx': source.replaceAll(/: \w+(\[\])?/g, '') })
      expect(await output('a.tsx')).equal('b,text\n')
      expect(await output('b.jsx')).equal('b,text\n')
      put({
        'tsconfig.json': tsconfig({ jsx: 'react-jsx', jsxImportSource: 'j' }),
        'node_modules/j/package.json': '{ "exports": { "./jsx-runtime": "./r.cjs" } }',
        'node_modules/j/r.cjs': 'exports.jsx = (tag, { children }) => tag + children'
      })
      expect(await output('a.tsx')).equal('btext\n')
    })
  })

  describe('package.json', () => {
    it('gives names to files of the package: #imports, and its own name', async () => {
      put({
        'package.json': JSON.stringify({ name: 'me', type: 'module', exports: { './x': './x.ts' }, imports: { '#lib/*': './lib/*.ts', '#dep': { special: './special.ts', default: 'dep' } } }),
        'lib/util.ts': "export const hi: string = 'hi'",
        'x.ts': 'export const x: number = 1',
        'special.ts': "export default 'special' as string",
        'node_modules/dep/package.json': '{ "main": "x.js" }',
        'node_modules/dep/x.js': "module.exports = 'dep'",
        'a.ts': "import { hi } from '#lib/util'\nimport dep from '#dep'\nimport { x } from 'me/x'\nconst late = await import('#lib/' + 'util')\nconsole.log(hi, dep, x, late.hi)"
      })
      expect(await output('a.ts')).equal('hi dep 1 hi\n')
      expect(await output('--conditions=special', 'a.ts')).equal('hi special 1 hi\n')
      expect(await programs.output(['a.ts'], { env: { NODE_OPTIONS: '-C special' } })).equal('hi special 1 hi\n')
      expect(await output('a.ts')).equal('hi dep 1 hi\n')
    })

    it('of a workspace offers sources in TypeScript', async () => {
      put({
        'packages/util/package.json': '{ "name": "@acme/util", "exports": { ".": "./src/index.ts", "./*": "./src/*.ts" } }',
        'packages/util/src/index.ts': "export { n } from './n.js'",
        'packages/util/src/n.ts': 'export const n: number = 42\nexport const object = {}',
        'packages/main/package.json': '{ "main": "src" }',
        'packages/main/src/index.ts': 'export default 3 as number',
        'app/a.ts': "import { n } from '@acme/util'\nimport * as one from '@acme/util/n'\nimport main from 'main'\nconst two = await import('@acme/' + 'util/n')\nconsole.log(n, main, one.object === two.object)"
      })
      mkdirSync(join(programs.folder, 'node_modules/@acme'), { recursive: true })
      symlinkSync('../../packages/util', join(programs.folder, 'node_modules/@acme/util'))
      symlinkSync('../packages/main', join(programs.folder, 'node_modules/main'))
      expect(await output('app/a.ts')).equal('42 3 true\n')
    })
  })
})
