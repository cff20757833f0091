// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError } from '@emilua/errors'
import { Stream } from '@emilua/file'
import * as fs from '@emilua/filesystem'
import * as sync from '@emilua/filesystem/sync'
import { expect } from 'chai'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

type Call = (...args: unknown[]) => unknown

/** What asks the system about no path that is given, and never fails for one. */
const withoutPaths = ['currentWorkingDirectory', 'devMajor', 'devMinor', 'makedev', 'mode', 'tempDirectoryPath', 'umask']

/** What comes behind the path, or the paths, of each operation. */
const behind: Record<string, unknown[]> = {
  canonical: [],
  capGetFile: [],
  capSetFile: ['cap_kill=p'],
  chmod: [0o600],
  chown: [0, 0],
  chroot: [],
  createDirectories: [],
  directoryIterator: [],
  exists: [],
  fileSize: [],
  hardlinkCount: [],
  isBlockDevice: [],
  isCharacterDevice: [],
  isDirectory: [],
  isEmpty: [],
  isFifo: [],
  isOther: [],
  isRegularFile: [],
  isSocket: [],
  isSymlink: [],
  lastWriteTime: [],
  lchmod: [0o600],
  lchown: [0, 0],
  mkdir: [0o700],
  mkfifo: [0o600],
  mknod: [0o600, 0, 'character'],
  open: [['read_only']],
  readSymlink: [],
  recursiveDirectoryIterator: [],
  remove: [],
  removeAll: [],
  resizeFile: [0],
  setCurrentWorkingDirectory: [],
  setLastWriteTime: [fs.clock.unixEpoch()],
  space: [],
  status: [],
  symlinkStatus: [],
  weaklyCanonical: []
}
const ofTwo: Record<string, unknown[]> = {
  copy: [{}],
  copyFile: [],
  copySymlink: [],
  createDirectory: [],
  createDirectorySymlink: [],
  createHardlink: [],
  createSymlink: [],
  equivalent: [],
  proximate: [],
  relative: [],
  rename: []
}

/** Of a call, of a promise, or of the first step through what either gives. */
async function failure (call: () => unknown): Promise<EmiluaError> {
  try {
    const result = await call() as object
    if (Symbol.asyncIterator in result) await (result as AsyncIterable<unknown>)[Symbol.asyncIterator]().next()
    if (Symbol.iterator in result) (result as Iterable<unknown>)[Symbol.iterator]().next()
  } catch (error) {
    return error as EmiluaError
  }
  return expect.fail('it succeeded')
}

describe('what failures say', () => {
  let root: string
  let lost: string

  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'emilua-')))
    symlinkSync('loop', join(root, 'loop'))
    lost = join(root, 'loop', 'x')
  })
  after(() => rmSync(root, { recursive: true }))

  for (const [title, all, kind] of [['promises', fs, 'promise'], ['plain calls', sync, 'call']] as const) {
    const functions = Object.entries(all as Record<string, unknown>)
      .filter((entry): entry is [string, Call] => typeof entry[1] === 'function' && /^[a-z]/.test(entry[0]))

    it(`knows all ${title}`, () => {
      const known = new Set([...Object.keys(behind), ...Object.keys(ofTwo), ...withoutPaths, 'absolute'])
      expect(functions.map(([name]) => name).filter(name => !known.has(name))).deep.equal([])
      expect(functions.length).greaterThan(kind === 'call' ? 45 : 50)
    })

    for (const [name, call] of functions) {
      if (!(name in behind) && !(name in ofTwo)) continue
      it(`names the path in ${title}: ${name}`, async () => {
        const other = join(root, 'loop', 'y')
        const paths = name in behind ? [lost] : [lost, other]
        const error = await failure(() => call(...paths, ...behind[name] ?? ofTwo[name]!))
        expect([error.path, error.dest], String(error)).deep.equal([...paths, ...paths.length === 1 ? [undefined] : []])
        // As std::filesystem has it, it is no error of `equivalent` that one of them cannot be looked up.
        expect(error.code).equal(name === 'equivalent' ? 'ENOENT' : 'ELOOP')
        expect(error.syscall).a('string')
        expect(error.message.endsWith(`, ${error.syscall} '${paths.join("' -> '")}'`), error.message).equal(true)
      })
    }
  }

  it('names the empty path, and what is found out after the call of the system', async () => {
    expect((await failure(() => fs.fileSize(''))).message).equal("ENOENT: No such file or directory, stat ''")
    expect((await failure(() => fs.absolute(''))).path).equal('')
    for (const folder of [root, new fs.Path(root), pathToFileURL(root)]) {
      const error = await failure(() => fs.fileSize(folder))
      expect([error.code, error.syscall, error.path, error.arg]).deep.equal(['EISDIR', 'stat', root, 'p'])
    }
    expect((await failure(() => fs.fileSize('/dev/null'))).path).equal('/dev/null')
    writeFileSync(join(root, 'file'), '')
    const error = await failure(() => fs.copyFile(join(root, 'file'), join(root, 'file')))
    expect([error.code, error.path, error.dest]).deep.equal(['EEXIST', join(root, 'file'), join(root, 'file')])
  })

  it('names what no argument says: where temporary files go', async () => {
    const { TMPDIR } = process.env
    try {
      process.env['TMPDIR'] = lost
      for (const call of [fs.tempDirectoryPath, sync.tempDirectoryPath]) {
        const error = await failure(call)
        expect([error.code, error.path]).deep.equal(['ELOOP', lost])
      }
      process.env['TMPDIR'] = '/dev/null'
      expect(await failure(fs.tempDirectoryPath)).include({ code: 'ENOTDIR', path: '/dev/null' })
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = TMPDIR
    }
  })

  it('says that a URL is no path, and what shells alone know', async () => {
    const message = async (call: () => unknown): Promise<string> => (await failure(call)).message
    const url = 'http://example.com/x'
    expect(await message(() => fs.fileSize(url))).equal(`ENOENT: No such file or directory, stat '${url}': '${url}' is a URL, and no path`)
    expect(await message(() => sync.fileSize(pathToFileURL(lost).href))).match(/'file:\/\/.*' is a URL, and no path$/)
    expect(await message(() => fs.fileSize(new URL(url)))).equal(`p: Expected a path or a file: URL, not ${url}`)
    expect(await message(() => fs.copy(new URL(url), lost))).equal(`from: Expected a path or a file: URL, not ${url}`)
    expect(await message(() => fs.fileSize('~/x'))).equal("ENOENT: No such file or directory, stat '~/x': shells alone know what '~' is: the variable HOME has it")
  })

  it('names the entry that is gone', async () => {
    mkdirSync(join(root, 'folder'))
    writeFileSync(join(root, 'folder', 'gone'), '')
    const [entry] = [...sync.directoryIterator(join(root, 'folder'))] as [fs.DirectoryEntry]
    rmSync(join(root, 'folder'), { recursive: true })
    const path = join(root, 'folder', 'gone')
    for (const call of [() => entry.fileSize, () => entry.hardlinkCount, () => entry.lastWriteTime, () => entry.refresh(), () => entry.refreshSync()]) {
      expect(await failure(call)).include({ code: 'ENOENT', path })
    }
  })

  it('names files that are opened, from a folder on as well', async () => {
    expect(await failure(() => new Stream().open(lost))).include({ code: 'ELOOP', path: lost })
    expect(await failure(() => { new Stream().openSync(lost) })).include({ code: 'ELOOP', path: lost })
    using folder = await fs.open(root, ['read_only', 'directory'])
    for (const way of ['loop/x', new fs.Path('loop/x'), new TextEncoder().encode('loop/x')]) {
      expect(await failure(() => folder.openat(way))).include({ code: 'ELOOP', path: 'loop/x' })
      expect(await failure(() => folder.openatSync(way))).include({ code: 'ELOOP', path: 'loop/x' })
    }
    expect(await failure(() => folder.openat(pathToFileURL(lost)))).include({ code: 'ELOOP', path: lost })
  })

  it('says which modes are none', async () => {
    const refused = async (call: () => unknown): Promise<string> => {
      try {
        await call()
      } catch (error) {
        return (error as Error).message
      }
      return 'nothing'
    }
    expect(await refused(() => fs.mode(9, 0, 0))).equal('user: Expected an octal digit, from 0 to 7, not 9')
    expect(await refused(() => fs.mode(7, 7, -1))).equal('other: Expected an octal digit, from 0 to 7, not -1')
    for (const call of [() => fs.chmod('/none', 100644), () => sync.chmod('/none', 100644), () => fs.mkdir('/none/x', 100644), () => sync.mkfifo('/none/x', 100644)]) {
      expect(await refused(call)).equal('mode: Expected permission bits, such as mode(6, 4, 4), not 100644')
    }
    expect(await refused(() => fs.open('/none/x', ['create', 'write_only'], 0o100644))).equal(`mode: Expected permission bits, 07777 at most, not ${0o100644}`)
  })
})
