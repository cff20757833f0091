// SPDX-License-Identifier: MIT OR BSL-1.0
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { main, Programs } from './programs.js'

const root = process.getuid!() === 0

describe('cache of compiled programs', () => {
  let programs: Programs
  beforeEach(() => {
    programs = new Programs()
    programs.put({ 'a.ts': "import { b } from './b.ts'\nconsole.log('ran', b)", 'b.ts': 'export const b: number = 1' })
  })
  afterEach(() => programs.remove())

  const output = (...words: string[]) => programs.output(words)
  const entries = (): string[] => readdirSync(programs.cache, { recursive: true, encoding: 'utf8' })
    .map(name => join(programs.cache, name)).filter(path => path.includes('/tree/') && statSync(path, { throwIfNoEntry: false })?.isFile())

  for (const [title, spoil] of [
    ['is empty', (path: string) => writeFileSync(path, '')],
    ['holds something else', (path: string) => writeFileSync(path, 'null')],
    ['is cut short', (path: string, size: number) => spawnSync('truncate', ['-s', String(size >> 1), path])],
    ['has gone', (path: string) => rmSync(path)]
  ] as const) {
    it(`makes anew what ${title}`, async () => {
      await output('a.ts')
      const known = entries()
      expect(known.length).equal(3)
      for (const path of known) {
        spoil(path, statSync(path).size)
        expect(await output('a.ts'), path).equal('ran 1\n')
      }
      for (const path of entries()) spoil(path, statSync(path).size)
      expect(await output('a.ts')).equal('ran 1\n')
    })
  }

  it('is not needed: a folder that cannot be made, written to or filled', async () => {
    programs.put({ file: '' })
    expect(await programs.output(['a.ts'], { env: { XDG_CACHE_HOME: join(programs.folder, 'file') } })).equal('ran 1\n')
    expect(await programs.output(['a.ts'], { env: { XDG_CACHE_HOME: '/dev/full' } })).equal('ran 1\n')
    expect(await programs.output(['a.ts'], { env: { XDG_CACHE_HOME: '/dev/full', TMPDIR: '/dev/full' } })).equal('ran 1\n')
  })

  it('of another user is left alone', async function () {
    if (!root) return this.skip()
    await output('a.ts')
    const spawned = spawnSync('chown', ['-R', '--no-dereference', '65534', programs.cache])
    expect(spawned.status).equal(0)
    for (const path of entries()) writeFileSync(path, "console.log('foreign')")
    expect(await output('a.ts')).equal('ran 1\n')
  })

  it('that may be read but not written to is used', async () => {
    await output('a.ts')
    const { ino } = statSync(programs.compiled('a.ts'))
    for (const path of entries()) chmodSync(path, 0o400)
    expect(await output('a.ts')).equal('ran 1\n')
    expect(statSync(programs.compiled('a.ts')).ino).equal(ino)
  })

  it('on a full disk gives way, in the program and in its workers', async function () {
    if (!root || spawnSync('unshare', ['-m', 'true']).status !== 0) return this.skip()
    const full = join(programs.folder, 'full')
    mkdirSync(full)
    programs.put({
      'w.ts': "import { workerData } from 'node:worker_threads'\nimport { b } from './b.ts'\nconst late = await import(workerData)\nconsole.log('worker', b, late.object === (await import('./c.ts')).object)",
      'c.ts': 'export const object = {}',
      'm.ts': "import { Worker } from 'node:worker_threads'\nimport { compile } from '@emilua/cli/run'\nnew Worker(compile('w.ts'), { workerData: './c.ts' })"
    })
    const script = 'mount -t tmpfs -o size=64k none "$1" && { head -c 60k /dev/zero >"$1/filler" || true; } && XDG_CACHE_HOME="$1" exec "$2" "$3" m.ts'
    const { stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', full, process.execPath, main], { cwd: programs.folder, encoding: 'utf8' })
    expect(stderr).equal('')
    expect(stdout).equal('worker 1 true\n')
  })

  it('serves several processes that compile the same at once', async () => {
    programs.put({ 'b.ts': `export const b = '${'x'.repeat(200_000)}'.length` })
    const all = await Promise.all(Array.from({ length: 4 }, () => output('a.ts')))
    expect(new Set(all)).deep.equal(new Set(['ran 200000\n']))
    expect(entries().length).equal(3)
  })

  it('follows an installation whose packages have moved', async () => {
    await output('a.ts')
    const link = readdirSync(programs.cache, { recursive: true, encoding: 'utf8' }).find(name => name.endsWith('/inner/node_modules/@emilua'))!
    rmSync(join(programs.cache, link))
    symlinkSync('/no/such/folder', join(programs.cache, link))
    programs.put({ 'c.ts': "console.log(typeof await import('@emilua/errors'))" })
    expect(await output('c.ts')).equal('object\n')
  })

  it('tells what has to be there for a program to run elsewhere, this package only if that is imported', async () => {
    programs.put({
      'plain.ts': "import './part.ts'\n",
      'part.ts': 'export {}\n',
      'late.ts': 'await import(process.argv[2]!)\n',
      'tell.ts': "import { prepare } from '@emilua/cli'\nfor (const name of ['plain', 'late', 'late']) console.log(prepare(`${process.cwd()}/${name}.ts`).files.join(' '))\n"
    })
    const ours = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
    const told = (await programs.output(['tell.ts'])).trim().split('\n').map(line => line.split(' '))
    const [plain, late] = [['plain', 'part'], ['late']].map(names => names.map(name => programs.compiled(`${name}.ts`)))
    expect(told).deep.equal([plain, [...late!, ours], [...late!, ours]])
  })
})
