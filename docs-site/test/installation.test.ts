// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

  it('is nothing that npm does not have, unless it is of the clone', () => {
    const pages = ['README.md', ...readdirSync(join(root, 'docs-site/guides')).filter(name => name.endsWith('.md')).map(name => `docs-site/guides/${name}`),
      ...readdirSync(join(root, 'packages')).map(name => `packages/${name}/README.md`)]
    for (const page of pages) expect(read(page), page).not.match(/^(?:RUN )?npm (?:install|i|add|ci)\b(?! \/path\/to\/clone\/)/m)
  })

  it('lets a project of its own have the packages of the clone, whatever npm is told afterwards', () => {
    const [, install] = /^npm install (\/path\/to\/clone\/.*)$/m.exec(read('docs-site/guides/getting-started.md'))!
    // A copy, because npm empties a folder that a link leads to and that it does not know.
    for (const name of ['packages', 'node_modules', 'native-core/build/release/emilua.node']) {
      if (name === 'packages') cpSync(join(root, name), join(folder, 'clone', name), { recursive: true, verbatimSymlinks: true, filter: path => !/\/(?:src|test)$/.test(path) })
      else {
        mkdirSync(dirname(join(folder, 'clone', name)), { recursive: true })
        symlinkSync(join(root, name), join(folder, 'clone', name))
      }
    }
    const files = () => readdirSync(join(folder, 'clone/packages'), { recursive: true }).sort()
    const before = files()
    const project = join(folder, 'project')
    mkdirSync(project)
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(project, 'hello.mjs'), `
      import { tcp } from '@emilua/ip'
      import { spawn } from '@emilua/runtime'
      import { toDuplex } from '@emilua/stream/node'
      await spawn(() => {}).join()
      console.log(typeof tcp.dial, typeof toDuplex)`)
    const npm = (...words: string[]) => execFileSync('npm', [...words, '--offline', '--no-audit', '--no-fund'], { cwd: project, stdio: 'pipe' })
    npm('install', ...install!.replaceAll('/path/to/clone', join(folder, 'clone')).split(' '))
    for (const command of ['install', 'prune', 'ci']) {
      npm(command)
      expect(execFileSync(process.execPath, ['hello.mjs'], { cwd: project, encoding: 'utf8' }), command).equal('function function\n')
    }
    expect(files()).deep.equal(before)
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
