// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError } from '@emilua/errors'
import { type DirectoryEntry, directoryIterator, Path, preferredSeparator, recursiveDirectoryIterator, rename, space } from '@emilua/filesystem'
import * as sync from '@emilua/filesystem/sync'
import { spawn } from '@emilua/runtime'
import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

async function failure (promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('it succeeded'), error => error)
}

function thrown (f: () => unknown): unknown {
  try { f() } catch (error) { return error }
  return expect.fail('it succeeded')
}

const emilua = process.env.EMILUA ?? fileURLToPath(new URL('../../../native-core/build/release/emilua', import.meta.url))

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))

describe('paths', () => {
  it('are taken apart', () => {
    const p = new Path('/srv/site/index.tar.gz')
    expect([p.filename, p.stem, p.extension, String(p.parentPath)]).deep.equal(['index.tar.gz', 'index.tar', '.gz', '/srv/site'])
    expect([p.isAbsolute, p.isRelative, p.empty, new Path().empty, new Path('').empty]).deep.equal([true, false, false, true, true])
    expect([...new Path('/a/b/').iterator()]).deep.equal(['/', 'a', 'b', ''])
    expect([p.rootDirectory, preferredSeparator]).deep.equal(['/', '/'])
  })

  it('are put together', () => {
    const p = new Path('a')
    expect(String(new Path(p, 'b', new Path('c')))).equal('a/b/c')
    expect(String(p.join('b', new Path('c')))).equal('a/b/c')
    expect(String(p.join('/b'))).equal('/b')
    expect(String(p.join())).equal('a')
    expect(String(p.concat('.txt'))).equal('a.txt')
    expect(`${p.replaceExtension('.x').lexicallyRelative('a')}`).equal('../a.x')
    expect(String(p)).equal('a')
  })

  it('compare element by element', () => {
    const [slash, dot] = [new Path('a/b'), new Path('a.b')]
    expect(slash.equals(new Path('a//b'))).equal(true)
    expect(slash.equals(new Path('a/b/'))).equal(false)
    expect(slash.equals('a/b')).equal(false)
    expect([slash.compareTo(dot), dot.compareTo(slash), dot.compareTo(new Path('a.b'))]).deep.equal([-1, 1, 0])
  })

  it('come out as those of std::filesystem', () => {
    // The pairs and the numbers of test-fixtures/filesystem/005-path-algebra.lua.
    const pieces = ['/', '//', 'a', 'b.c', '.', '..', '.hidden', 'x.tar.gz', 'é', '///', 'a.', '...', '/', '../', './', ' ']
    let state = 1
    const random = (n: number): number => (state = state * 16807 % 2147483647) % n
    const any = (): Path => new Path(Array.from({ length: random(8) }, () => pieces[random(pieces.length)]).join(''))
    let hash = 0
    const add = (what: unknown): void => {
      for (const byte of Buffer.from(`${String(what)}\n`)) hash = (hash * 31 + byte) % 4294967291
    }
    const numbers = []
    for (let i = 1; i <= 5000; i++) {
      const a = any()
      const b = any()
      for (const each of [
        a, a.lexicallyNormal(), a.lexicallyRelative(b), a.lexicallyProximate(b), a.join(b), a.concat(b), a.removeFilename(),
        a.replaceFilename(b), a.replaceExtension('x'), a.replaceExtension(), a.makePreferred(), a.toGeneric(),
        a.rootName, a.rootDirectory, a.rootPath, a.relativePath, a.parentPath, a.filename, a.stem, a.extension,
        a.empty, a.hasRootPath, a.hasRootName, a.hasRootDirectory, a.hasRelativePath, a.hasParentPath, a.hasFilename,
        a.hasStem, a.hasExtension, a.isAbsolute, a.isRelative, a.equals(b), a.compareTo(b) < 0, a.compareTo(b) <= 0,
        ...a.iterator()
      ]) add(each)
      if (i % 100 === 0) numbers.push(hash)
    }
    const printed = readFileSync(new URL('../../../test-fixtures/filesystem/005-path-algebra.expected', import.meta.url), 'utf8')
    expect(numbers.join('\n')).equal(printed.trim())
  })

  it('keep bytes that are no text', () => {
    const odd = Path.fromBytes(bytes('/a\xFF/b'))
    expect(odd.toBytes()).deep.equal(bytes('/a\xFF/b'))
    expect(new Path(odd, 'c').toBytes()).deep.equal(bytes('/a\xFF/b/c'))
    expect(odd.parentPath.toBytes()).deep.equal(bytes('/a\xFF'))
    expect(odd.equals(new Path(odd))).equal(true)
    expect(odd.equals(new Path(String(odd)))).equal(false)
    expect(String(odd)).equal('/a\uFFFD/b')
    expect(Path.fromBytes(new Uint8Array(Buffer.from('é'))).equals(new Path('é'))).equal(true)
  })

  it('name the argument that is none', () => {
    expect(() => new Path(1 as never)).throw(EmiluaError).include({ code: 'EINVAL' })
    expect(() => new Path('a').concat(undefined as never)).throw(EmiluaError).include({ code: 'EINVAL', arg: 'suffix' })
  })
})

describe('files', () => {
  let root: Path
  const at = (...parts: string[]): string => String(root.join(...parts))

  beforeEach(() => {
    root = new Path(mkdtempSync(join(tmpdir(), 'emilua-filesystem-')))
    mkdirSync(at('a', 'b'), { recursive: true })
    writeFileSync(at('a', 'b', 'file'), 'content')
    writeFileSync(at('a', 'empty'), '')
  })
  afterEach(() => rmSync(String(root), { recursive: true }))

  it('are renamed, by their paths and by text', async () => {
    await rename(root.join('a', 'empty'), at('full'))
    sync.rename(at('full'), root.join('again'))
    expect(readdirSync(String(root)).sort()).deep.equal(['a', 'again'])
  })

  it('are renamed whatever the bytes of their names are', async () => {
    const odd = root.join(Path.fromBytes(bytes('\xFE\xFF')))
    await rename(at('a', 'empty'), odd)
    expect(existsSync(Buffer.from(odd.toBytes()))).equal(true)
    const found = []
    for await (const entry of recursiveDirectoryIterator(root)) found.push(entry.path)
    expect(found.some(p => p.equals(odd))).equal(true)
    sync.rename(found.find(p => p.equals(odd))!, at('even'))
    expect(existsSync(at('even'))).equal(true)
  })

  it('say which of the two was at fault', async () => {
    for (const [from, to, arg, code] of [
      ['none', 'other', 'oldPath', 'ENOENT'], ['a', 'none/other', 'newPath', 'ENOENT'], ['a\0', 'b', 'oldPath', 'EINVAL'],
      ['a', 'b\0', 'newPath', 'EINVAL']
    ] as const) {
      expect(await failure(rename(at(from), root.join(to)))).instanceOf(EmiluaError).include({ code, arg })
      expect(thrown(() => sync.rename(at(from), root.join(to)))).instanceOf(EmiluaError).include({ code, arg })
    }
    expect(await failure(rename(at('none'), 'other'))).include({ syscall: 'rename' })
    expect(await failure(rename(1 as never, 'other'))).include({ code: 'EINVAL', arg: 'oldPath' })
    expect(existsSync(at('a'))).equal(true)
  })

  it('are not renamed once canceled', async () => {
    const error = await failure(rename(at('a'), at('b'), { signal: AbortSignal.abort() }))
    expect(error).include({ name: 'AbortError' })
    expect(existsSync(at('a'))).equal(true)
  })

  it('have room around them', async () => {
    for (const s of [await space(root), sync.space(String(root))]) {
      expect(s).keys('capacity', 'free', 'available')
      expect(s.capacity).least(s.free)
      expect(s.free).least(s.available)
    }
    expect(await failure(space(at('none')))).include({ code: 'ENOENT', syscall: 'statvfs', arg: 'p' })
  })

  const all = ['0 a', '1 a/b', '1 a/empty', '2 a/b/file']
  const shown = (entry: DirectoryEntry): string => `${entry.depth} ${entry.path.lexicallyRelative(root)}`

  it('are gone through', async () => {
    const found = []
    for await (const entry of recursiveDirectoryIterator(root)) found.push(shown(entry))
    expect(found.sort()).deep.equal(all)
    expect([...sync.recursiveDirectoryIterator(String(root))].map(shown).sort()).deep.equal(all)
  })

  it('are passed over on demand', async () => {
    const found = []
    const walk = recursiveDirectoryIterator(root)
    for await (const entry of walk) {
      found.push(shown(entry))
      expect(walk.recursionPending).equal(true)
      if (entry.path.filename === 'b') walk.disableRecursionPending()
      expect(walk.recursionPending).equal(entry.path.filename !== 'b')
    }
    expect(found.sort()).deep.equal(all.slice(0, 3))

    let entries = 0
    const out = recursiveDirectoryIterator(root)
    for await (const entry of out) {
      entries++
      if (entry.depth === 1) out.pop()
    }
    expect(entries).equal(2)
  })

  it('are looked at when they are found, and again', async () => {
    for await (const entry of recursiveDirectoryIterator(root.join('a', 'b'))) {
      expect(entry.fileSize).equal(7)
      appendFileSync(at('a', 'b', 'file'), '!')
      expect(entry.fileSize).equal(7)
      const refreshed = entry.refresh()
      expect([entry.path.filename, entry.depth]).deep.equal(['file', 0])
      expect(thrown(() => entry.fileSize)).include({ code: 'EBUSY' })
      await refreshed
      expect(entry.fileSize).equal(8)
      rmSync(at('a', 'b', 'file'))
      expect(thrown(() => entry.refreshSync())).include({ code: 'ENOENT', syscall: 'lstat' })
      expect(thrown(() => entry.fileSize)).include({ code: 'ENOENT', syscall: 'stat' })
    }
    for await (const entry of recursiveDirectoryIterator(root)) {
      if (entry.path.filename === 'a') expect(thrown(() => entry.fileSize)).include({ code: 'EISDIR' })
    }
  })

  it('are not looked at before the first is asked for', async () => {
    const walk = recursiveDirectoryIterator(at('none'))
    expect(await failure(walk.next())).include({ code: 'ENOENT', syscall: 'opendir', arg: 'p' })
    expect(await walk.next()).equal(undefined)
    expect(thrown(() => [...sync.recursiveDirectoryIterator(at('a', 'empty'))])).include({ code: 'ENOTDIR', arg: 'p' })
    expect(thrown(() => recursiveDirectoryIterator(root, { skip: true } as never))).include({ code: 'EINVAL', arg: 'opts.skip' })
    expect(thrown(() => recursiveDirectoryIterator(1 as never))).include({ code: 'EINVAL', arg: 'p' })
  })

  it('come as find has them, none dropped and none twice', async () => {
    for (let i = 0; i < 150; i++) {
      mkdirSync(at(`many-${i}`, 'deep', 'er'), { recursive: true })
      for (let j = 0; j < 10; j++) writeFileSync(at(`many-${i}`, `${j}`), '')
    }
    const found = (...how: string[]): string[] => execFileSync('find', [String(root), '-mindepth', '1', ...how]).toString().trim().split('\n').sort()
    const all = []
    for await (const { path } of recursiveDirectoryIterator(root)) all.push(String(path))
    expect(all.sort()).deep.equal(found())
    expect([...recursiveDirectoryIterator(root)].map(({ path }) => String(path)).sort()).deep.equal(found())
    const some = []
    const walk = recursiveDirectoryIterator(root)
    for await (const { path } of walk) {
      if (path.filename.endsWith('7') || path.filename === 'deep') walk.disableRecursionPending()
      some.push(String(path))
    }
    expect(some.sort()).deep.equal(found('(', '-name', '*7', '-o', '-name', 'deep', ')', '-prune', '-print', '-o', '-print'))
    let flat = 0
    for await (const { depth } of directoryIterator(root)) flat += 1 - depth
    expect(flat).equal(found('-maxdepth', '1').length)
  })

  it('are sixty thousand as find counts them, in both languages', async function () {
    this.timeout(120_000)
    // So many files take a busy disk minutes.
    const large = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'emilua-walk-'))
    try {
      for (let i = 0; i < 300; i++) {
        const inside = join(large, `${i % 20}`, `${i}`)
        mkdirSync(inside, { recursive: true })
        for (let j = 0; j < 200; j++) writeFileSync(join(inside, `${j}`), '')
      }
      const found = execFileSync('find', [large, '-mindepth', '1', '-printf', '%P\\0'], { maxBuffer: 1 << 26 }).toString().split('\0').slice(0, -1).sort()
      expect(found.length).equal(60_320)
      const all: string[] = []
      for await (const { path } of recursiveDirectoryIterator(large)) all.push(String(path).slice(large.length + 1))
      expect(all.sort().join('\0')).equal(found.join('\0'))
      const program = join(large, 'walk.lua')
      writeFileSync(program, `
        local fs = require 'filesystem'
        for entry in fs.recursive_directory_iterator(fs.path.new(require('system').environment.LARGE)) do print(entry.path) end`)
      const lua = execFileSync(emilua, [program], { env: { ...process.env, LARGE: large }, maxBuffer: 1 << 26 }).toString().trim().split('\n')
      expect(lua.map(path => path.slice(large.length + 1)).filter(path => path !== 'walk.lua').sort().join('\0')).equal(found.join('\0'))
    } finally {
      rmSync(large, { recursive: true })
    }
  })

  it('come once each while others come and go', async () => {
    const busy = at('busy')
    const kept = new Set<string>()
    for (let i = 0; i < 40; i++) {
      mkdirSync(join(busy, `folder-${i}`), { recursive: true })
      kept.add(join(busy, `folder-${i}`))
      for (let j = 0; j < 60; j++) {
        const name = join(busy, `folder-${i}`, `kept-${j}`)
        kept.add(name)
        writeFileSync(name, '')
      }
    }
    let changes = 0
    let going = true
    const change = (): void => {
      if (!going) return
      const folder = join(busy, `folder-${changes % 40}`)
      writeFileSync(join(folder, `new-${changes}`), '')
      mkdirSync(join(folder, `made-${changes}`, 'inside'), { recursive: true })
      if (changes >= 40) rmSync(join(busy, `folder-${(changes - 40) % 40}`, `made-${changes - 40}`), { recursive: true })
      changes++
      setImmediate(change)
    }
    change()
    for (let round = 0; round < 5; round++) {
      const seen = new Map<string, number>()
      for await (const { path } of recursiveDirectoryIterator(busy)) seen.set(String(path), (seen.get(String(path)) ?? 0) + 1)
      expect([...kept].filter(name => seen.get(name) !== 1)).deep.equal([])
      expect([...seen].filter(([, times]) => times !== 1)).deep.equal([])
    }
    going = false
    expect(changes).greaterThan(5)
    rmSync(busy, { recursive: true })
  })

  it('let others have their turn, and are canceled by their fiber between two entries', async () => {
    const crowd = at('crowd')
    mkdirSync(crowd)
    for (let i = 0; i < 8000; i++) writeFileSync(join(crowd, `${i}`), '')
    let turns = 0
    let going = true
    const turn = (): void => { turns++; if (going) setImmediate(turn) }
    setImmediate(turn)
    let entries = 0
    for await (const entry of directoryIterator(crowd)) if (entry.depth === 0) entries++
    going = false
    expect(entries).equal(8000)
    // Most is there without asking a thread, and nobody is kept waiting for all of it.
    expect(turns).greaterThan(1)
    let seen = 0
    const walker = spawn(async () => {
      for await (const entry of directoryIterator(crowd)) if (entry.depth === 0 && ++seen === 500) walker.cancel()
    })
    await walker.join().catch(() => {})
    expect([walker.cancellationCaught, seen]).deep.equal([true, 500])
    rmSync(crowd, { recursive: true })
  })

  it('are left early, and one step is made at a time', async () => {
    const walk = recursiveDirectoryIterator(root)
    for await (const entry of walk) {
      expect(entry.depth).equal(0)
      break
    }
    expect(await walk.next()).equal(undefined)
    const other = recursiveDirectoryIterator(root)
    const pending = other.next()
    expect(thrown(() => other.pop())).include({ code: 'EBUSY' })
    expect(await failure(other.next())).include({ code: 'EBUSY' })
    expect((await pending)?.depth).equal(0)
    {
      using third = recursiveDirectoryIterator(root)
      expect(third.nextSync()).not.equal(undefined)
    }
  })
})
