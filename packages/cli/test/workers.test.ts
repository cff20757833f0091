// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { Programs } from './programs.js'

const starts = (file: string): string => `import { Worker } from 'node:worker_threads'
const worker = new Worker(${file}, { workerData: 5 })
worker.on('message', message => console.log(message)).on('error', error => console.log(error.message.split('\\n')[0]))
console.log(worker instanceof Worker, Worker.name)`

describe('what a program starts that has to be compiled', () => {
  let programs: Programs
  beforeEach(() => { programs = new Programs() })
  afterEach(() => programs.remove())

  const put = (files: Record<string, string>): void => programs.put(files)
  const output = (...words: string[]) => programs.output(words)

  const worker = `import { parentPort, workerData } from 'node:worker_threads'
    import { twice } from './twice'
    const n: number = twice(workerData)
    parentPort!.postMessage([n, process.argv[1]!.split('/').pop(), import.meta.filename === process.argv[1]])`
  const twice = 'export function twice (n: number): number { return 2 * n }'

  for (const [title, file] of [['a URL', "new URL('./w.ts', import.meta.url)"], ['a relative path', "'./w.ts'"], ['a path', "import.meta.dirname + '/w.ts'"]] as const) {
    it(`a Worker of ${title}`, async () => {
      put({ 'a.ts': starts(file), 'w.ts': worker, 'twice.ts': twice })
      expect(await output('a.ts')).equal("true Worker\n[ 10, 'w.ts', true ]\n")
    })
  }

  it('a Worker of CommonJS, in CommonJS, of a module in JavaScript, and in a Worker', async () => {
    put({
      'a.cts': "const { Worker } = require('node:worker_threads')\nnew Worker('./b.mjs').on('message', (m: string) => console.log(m))",
      'b.mjs': "import { parentPort, Worker } from 'worker_threads'\nimport { twice } from './twice.ts'\nnew Worker(new URL('./c.cts', import.meta.url), { workerData: twice(2) }).on('message', m => parentPort.postMessage(m))",
      'c.cts': "import { parentPort, workerData } from 'node:worker_threads'\nparentPort!.postMessage(workerData as number)",
      'twice.ts': twice
    })
    expect(await output('a.cts')).equal('4\n')
  })

  it('a Worker of what Node runs itself: text, a data URL, CommonJS', async () => {
    put({
      'a.ts': "import { Worker } from 'node:worker_threads'\nnew Worker('console.log(1)', { eval: true })\nnew Worker(new URL('data:text/javascript,console.log(2)'))\nnew Worker('./b.cjs', {})",
      'b.cjs': "console.log(require('node:path').basename(process.argv[1]))"
    })
    expect((await output('a.ts')).split('\n').sort()).deep.equal(['', '1', '2', 'b.cjs'])
  })

  it('a Worker that fails: its source is named, and the line', async () => {
    put({ 'a.ts': starts("'./w.ts'"), 'w.ts': 'let a: = 1' })
    expect(await output('a.ts')).equal(`true Worker\n${programs.folder}/w.ts:1:8: Unexpected "="\n`)
    put({ 'w.ts': "import 'none'" })
    expect(await output('a.ts')).equal(`true Worker\nCannot find package 'none' imported from ${programs.folder}/w.ts\n`)
    put({ 'a.ts': "import { Worker } from 'node:worker_threads'\nnew Worker('./w.ts')", 'w.ts': 'interface Unused { n: number }\n\nthrow new Error(`no ${1 as number}`)' })
    const { code, stderr } = await programs.run(['a.ts'])
    expect(code).equal(1)
    expect(stderr).contain('Error: no 1').and.match(/w\.ts:3:7\b/).and.not.contain(programs.cache)
    put({ 'a.ts': starts("'./none.ts'") })
    expect(await output('a.ts')).equal(`true Worker\nCannot find module '${programs.folder}/none.ts'\n`)
  })

  it('fork()', async () => {
    put({
      'a.ts': `import { fork } from 'node:child_process'
        import { once } from 'node:events'
        const children = [fork('./b.ts', ['x', '--y']), fork(new URL('./b.ts', import.meta.url)), fork('b.ts', { cwd: '.' }), fork('./c.cjs', ['z'])]
        console.log(...(await Promise.all(children.map(child => once(child, 'message')))).map(([message]) => message as string))`,
      'b.ts': 'const words: string[] = process.argv.slice(2)\nprocess.send!(words.join())',
      'c.cjs': 'process.send(process.argv.slice(2).join())'
    })
    expect(await output('a.ts')).equal('x,--y   z\n')
  })

  it('node:cluster, of the program itself and of another', async () => {
    put({
      'a.ts': `import cluster from 'node:cluster'
        import { once } from 'node:events'
        if (cluster.isPrimary) {
          const ask = async (): Promise<void> => { console.log((await once(cluster.fork(), 'message'))[0] as string) }
          await ask()
          cluster.setupPrimary({ args: ['other'] })
          await ask()
          cluster.setupPrimary({ exec: 'b.ts' })
          await ask()
          cluster.setupPrimary({ exec: 'c.cjs' })
          await ask()
          for (const worker of Object.values(cluster.workers!)) worker!.disconnect()
        } else {
          process.send!('a ' + process.argv.slice(2).join())
        }`,
      'b.ts': "process.send!('b ' + process.argv.slice(2).join() as string)",
      'c.cjs': "process.send('c ' + process.argv.slice(2).join())"
    })
    expect(await output('a.ts', 'one')).equal('a one\na other\nb other\nc other\n')
  })
})
