// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { answer } from './servers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('what the texts say about installing', function () {
  this.timeout(20_000)
  let folder: string
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-install-')) })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is nothing that npm does not have', () => {
    const pages = ['README.md', ...readdirSync(join(root, 'docs-site/guides')).filter(name => name.endsWith('.md')).map(name => `docs-site/guides/${name}`),
      ...readdirSync(join(root, 'packages')).map(name => `packages/${name}/README.md`)]
    for (const page of pages) expect(read(page), page).not.match(/^(?:RUN )?npm (?:install|i|add|ci)\b/m)
  })

  it('lets a project of its own find the packages of the clone', () => {
    const [, link] = /^(mkdir -p node_modules.*)$/m.exec(read('docs-site/guides/getting-started.md'))!
    execFileSync('sh', ['-c', link!.replace('/path/to/clone', root)], { cwd: folder })
    writeFileSync(join(folder, 'hello.mjs'), "import { toDuplex } from '@emilua/stream/node'\nimport { sleep } from '@emilua/time'\nawait sleep(0)\nconsole.log(typeof toDuplex)")
    expect(execFileSync(process.execPath, ['hello.mjs'], { cwd: folder, encoding: 'utf8' })).equal('function\n')
  })

  it('makes a container of a program, of which everything but the base images is tried here', async () => {
    const [, file] = /^```docker\n(.*?)^```$/ms.exec(read('docs-site/guides/deployment.md'))!
    const steps = file!.trim().split('\n').filter(line => line).map(line => /^(\w+) (.*)$/.exec(line)!.slice(1) as [string, string])
    const of = (instruction: string) => steps.filter(([each]) => each === instruction).map(([, rest]) => rest)
    const app = join(folder, 'app')
    const here = (text: string) => text.replaceAll('/app', app)

    const [, bundle] = of('RUN')
    mkdirSync(app)
    execFileSync('sh', ['-c', here(bundle!)], { cwd: root, stdio: 'ignore' })
    const copied = of('COPY').at(-1)!.split(' ').slice(1, -1)
    expect(copied).deep.equal(['/emilua/native-core/build/release/emilua.node', '/app/server.mjs'])
    cpSync(join(root, copied[0]!.replace('/emilua/', '')), join(app, 'emilua.node'))
    const [name, value] = here(of('ENV')[0]!).split('=')
    const [command, ...args] = JSON.parse(here(of('CMD')[0]!).replace('0.0.0.0:7000', '127.0.0.1:0')) as string[]
    const server = spawn(command!, args, { cwd: folder, env: { PATH: process.env.PATH, [name!]: value }, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise(resolve => server.on('exit', resolve))
    try {
      const { value: line } = await createInterface(server.stdout)[Symbol.asyncIterator]().next() as { value: string }
      expect(line).match(/^listening on 127\.0\.0\.1:\d+$/)
      expect(await answer(Number(line.split(':')[1]), 'ping')).equal('ping')
      server.kill('SIGTERM')
      expect(await ended).equal(0)
    } finally {
      server.kill('SIGKILL')
    }
  })
})
