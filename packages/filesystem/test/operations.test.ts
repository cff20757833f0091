// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError } from '@emilua/errors'
import type { FileDescriptor } from '@emilua/file-descriptor'
import * as fs from '@emilua/filesystem'
import * as sync from '@emilua/filesystem/sync'
import { systemClock } from '@emilua/time'
import { expect } from 'chai'
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

async function failure (promise: Promise<unknown>): Promise<EmiluaError> {
  return promise.then(() => expect.fail('it succeeded'), (error: EmiluaError) => error)
}

describe('what files are asked and told', () => {
  let root: string

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'emilua-')))
    writeFileSync(join(root, 'file'), 'hello', { mode: 0o640 })
    symlinkSync('file', join(root, 'link'))
    symlinkSync('nowhere', join(root, 'away'))
    mkdirSync(join(root, 'folder'))
  })
  afterEach(() => rmSync(root, { recursive: true }))
  const at = (...names: string[]): fs.Path => new fs.Path(root, ...names)

  it('says what lies somewhere', async () => {
    expect(await fs.status(at('link'))).deep.equal({ type: 'regular', mode: 0o640 })
    expect((await fs.symlinkStatus(at('link'))).type).equal('symlink')
    expect(await fs.status(at('away'))).deep.equal({ type: 'not_found', mode: 'unknown' })
    expect(await Promise.all([fs.exists(at('away')), fs.isSymlink(at('away')), fs.isDirectory(root), fs.isRegularFile(at('file'))]))
      .deep.equal([false, true, true, true])
    expect([sync.fileSize(at('link')), sync.hardlinkCount(at('file')), sync.isEmpty(at('folder'))]).deep.equal([5, 1, true])
    expect(String(await fs.readSymlink(at('link')))).equal('file')
    expect(await fs.equivalent(at('file'), at('link'))).equal(true)
    expect([await fs.isCharacterDevice('/dev/null'), await fs.isOther('/dev/null'), await fs.isBlockDevice('/dev/null')])
      .deep.equal([true, true, false])
  })

  it('makes files of all kinds', async () => {
    expect([await fs.createDirectories(at('a', 'b')), await fs.createDirectory(at('a'))]).deep.equal([true, false])
    await fs.mkdir(at('m'), fs.mode(7, 0, 0))
    await fs.mkfifo(at('pipe'), 0o600)
    await fs.createSymlink('target', at('s'))
    await fs.createHardlink(at('file'), at('other'))
    expect([statSync(join(root, 'm')).mode & 0o777, sync.isFifo(at('pipe')), readlinkSync(join(root, 's')), sync.hardlinkCount(at('file'))])
      .deep.equal([0o700, true, 'target', 2])
    const made = await fs.open(at('new'), ['create', 'exclusive', 'write_only'], fs.mode(6, 0, 0))
    expect([made.type, statSync(join(root, 'new')).mode & 0o777]).deep.equal(['regular', 0o600])
    made.close()
    expect([fs.devMajor(fs.makedev(259, 70000)), fs.devMinor(fs.makedev(259, 70000)), fs.mode('sticky_bit')])
      .deep.equal([259, 70000, 0o1000])
  })

  it('opens with every flag and by every rule, as in Lua', async () => {
    const kernelFlags = (fd: FileDescriptor): number =>
      parseInt(/flags:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${String(fd).split('/').pop()}`, 'utf8'))![1]!, 8)
    const opened = async (name: string, flags: fs.OpenFlag[], mode?: number): Promise<unknown> => {
      using fd = await fs.open(at(name), flags, mode)
      using again = await folder.openat(name, flags, mode)
      expect(kernelFlags(again)).equal(kernelFlags(fd))
      return [fd.type, kernelFlags(fd) & ~0o2100000]
    }
    using folder = await fs.open(root, ['directory', 'read_only'])
    expect(await opened('file', ['read_only'])).deep.equal(['regular', 0])
    expect(await opened('file', ['write_only', 'append'])).deep.equal(['regular', 0o2001])
    expect(await opened('file', ['read_write', 'sync_all_on_write'])).deep.equal(['regular', 0o4010002])
    expect(await opened('link', ['path', 'no_follow'])).deep.equal(['symlink', 0o10400000])
    expect(await opened('folder', ['directory'])).deep.equal(['directory', 0o200000])
    expect(await opened('folder', ['temporary', 'read_write'], 0o600)).deep.equal(['regular', 0o200002 | 0o20000000])
    expect(await opened('made', ['create', 'write_only'], 0o600)).deep.equal(['regular', 1])
    expect(await opened('file', ['truncate', 'write_only'])).deep.equal(['regular', 1])
    expect(statSync(join(root, 'file')).size).equal(0)
    for (const [name, flags, code] of [
      ['link', ['no_follow'], 'ELOOP'], ['file', ['directory'], 'ENOTDIR'], ['folder', ['write_only'], 'EISDIR'],
      ['file', ['create', 'exclusive', 'write_only'], 'EEXIST'], ['nothing', ['read_only'], 'ENOENT']
    ] as const) {
      expect((await failure(fs.open(at(name), flags, 0o600))).code, name).equal(code)
      expect((await failure(folder.openat(name, flags, 0o600))).code, name).equal(code)
    }
    symlinkSync('/file', join(root, 'absolute'))
    for (const [name, rule, code] of [
      ['link', 'resolve_beneath', null], ['../x', 'resolve_beneath', 'EXDEV'], ['absolute', 'resolve_in_root', null],
      ['/nothing', 'resolve_in_root', 'ENOENT'], ['link', 'resolve_no_symlinks', 'ELOOP'], ['file', 'resolve_no_symlinks', null],
      ['/proc/self/exe', 'resolve_no_magiclinks', 'ELOOP'], ['link', 'resolve_no_magiclinks', null],
      ['/proc/self/status', 'resolve_no_xdev', 'EXDEV'], ['file', 'resolve_no_xdev', null], ['file', 'resolve_cached', null]
    ] as const) {
      const outcome = await folder.openat(name, ['read_only', rule]).then(fd => { fd.close(); return null }, (error: EmiluaError) => error.code)
      expect(outcome, `${name} ${rule}`).equal(code)
    }
  })

  it('refuses flags that exclude each other', async () => {
    const refused = async (...args: Parameters<typeof fs.open>): Promise<unknown> => {
      const error = await failure(fs.open(...args))
      return [error.code, error.arg]
    }
    expect(await refused(at('x'), ['read_only', 'write_only'])).deep.equal(['EINVAL', 'flags'])
    expect(await refused(at('x'), ['exclusive', 'write_only'])).deep.equal(['EINVAL', 'flags'])
    expect(await refused(at('x'), ['create', 'write_only'])).deep.equal(['EINVAL', 'mode'])
    expect(await refused(at('.'), ['temporary', 'write_only'])).deep.equal(['EINVAL', 'mode'])
    // These the kernel refuses.
    expect(await refused(at('.'), ['temporary', 'read_only'], 0o600)).deep.equal(['EINVAL', 'flags'])
    using folder = await fs.open(root, ['directory', 'read_only'])
    expect(await failure(folder.openat('file', ['read_only', 'resolve_beneath', 'resolve_in_root'])))
      .include({ code: 'EINVAL', syscall: 'openat2', arg: 'flags', path: 'file' })
    expect((await failure(fs.open(at('link'), ['no_follow', 'read_only']))).code).equal('ELOOP')
    expect((await failure(fs.open(at('file'), ['directory', 'read_only']))).code).equal('ENOTDIR')
  })

  it('changes attributes', async () => {
    await fs.chmod(at('file'), 0o600)
    await fs.chown(at('file'), -1, -1)
    await fs.lchown(at('away'), -1, -1)
    await fs.resizeFile(at('file'), 3)
    expect([statSync(join(root, 'file')).mode & 0o777, readFileSync(join(root, 'file'), 'utf8')]).deep.equal([0o600, 'hel'])
    const when = fs.clock.unixEpoch().add(1e9 + 0.5)
    await fs.lastWriteTime(at('link'), when)
    expect(statSync(join(root, 'file')).mtimeMs).equal(1e12 + 500)
    expect((await fs.lastWriteTime(at('file'))).equals(when)).equal(true)
    sync.lastWriteTime(at('file'), when.add(1))
    expect(sync.lastWriteTime(at('file')).sub(when)).equal(1)
    const old = fs.umask(0o77)
    expect([fs.umask(old), fs.umask(old)]).deep.equal([0o77, old])
  })

  it('has a clock that knows the other', () => {
    const epoch = fs.clock.unixEpoch()
    expect([epoch.secondsSinceUnixEpoch, epoch.toSystem().secondsSinceEpoch, String(epoch)])
      .deep.equal([0, 0, '1970-01-01T00:00:00.000000000Z'])
    const now = systemClock.now()
    expect(fs.clock.fromSystem(now).toSystem().equals(now)).equal(true)
    expect(fs.clock.now().compareTo(epoch)).equal(1)
    expect(String(fs.clock.fromSystem(now))).equal(String(now))
  })

  it('copies and removes trees', async () => {
    writeFileSync(join(root, 'folder', 'inside'), 'x')
    symlinkSync('/etc', join(root, 'folder', 'out'))
    await fs.copy(at('folder'), at('twin'), { recursive: true, symlinks: 'copy' })
    expect(readdirSync(join(root, 'twin')).sort()).deep.equal(['inside', 'out'])
    expect(lstatSync(join(root, 'twin', 'out')).isSymbolicLink()).equal(true)
    expect((await failure(fs.copy(at('folder'), at('folder', 'in'), { recursive: true, symlinks: 'skip' }))).code).equal('EINVAL')
    expect([await fs.copyFile(at('file'), at('away2')), await fs.copyFile(at('file'), at('away2'), 'skip')]).deep.equal([true, false])
    await fs.copySymlink(at('away'), at('away3'))
    expect(readlinkSync(join(root, 'away3'))).equal('nowhere')
    expect([await fs.removeAll(at('twin')), await fs.removeAll(at('twin')), await fs.remove(at('away'))]).deep.equal([3, 0, true])
    expect(statSync('/etc').isDirectory()).equal(true)
  })

  it('finds the way', async () => {
    const before = process.cwd()
    try {
      await fs.currentWorkingDirectory(root)
      expect([process.cwd(), String(await fs.currentWorkingDirectory()), String(sync.absolute('x'))]).deep.equal([root, root, join(root, 'x')])
      const folder = await fs.open(at('folder'), ['read_only', 'directory'])
      await fs.currentWorkingDirectory(folder)
      expect([process.cwd(), folder.type]).deep.equal([join(root, 'folder'), 'directory'])
      folder.close()
      sync.currentWorkingDirectory(new fs.Path(before))
      expect(String(sync.currentWorkingDirectory())).equal(before)
    } finally {
      process.chdir(before)
    }
    expect(String(await fs.canonical(at('link')))).equal(join(root, 'file'))
    expect(String(await fs.weaklyCanonical(at('link', '..', 'none')))).equal(join(root, 'none'))
    expect(String(await fs.relative(at('link'), at('folder')))).equal('../file')
    expect((await fs.tempDirectoryPath()).isAbsolute).equal(true)
  })

  it('leaves what belongs to the process to the master', async () => {
    const program = `
      import { parentPort } from 'node:worker_threads'
      import { currentWorkingDirectory, umask } from '${import.meta.resolve('@emilua/filesystem')}'
      const code = f => Promise.resolve().then(f).then(() => 'done', error => error.code)
      parentPort.postMessage([await code(() => umask(0)), await code(() => currentWorkingDirectory('/')), await code(() => currentWorkingDirectory())])`
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`))
    expect(await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)))
      .deep.equal(['ONLY_MASTER_VM', 'ONLY_MASTER_VM', 'done'])
  })

  it('tells paths with its failures', async () => {
    const error = await failure(fs.copyFile(at('none'), at('to')))
    expect([error.code, error.syscall, error.arg, error.path, error.dest])
      .deep.equal(['ENOENT', 'stat', 'from', join(root, 'none'), join(root, 'to')])
    expect(error.message).equal(`ENOENT: No such file or directory, stat '${join(root, 'none')}' -> '${join(root, 'to')}'`)
    const other = await failure(fs.removeAll('/proc/self/status'))
    expect([other.code, other.syscall, other.path]).deep.equal(['EPERM', 'unlink', '/proc/self/status'])
  })

  it('takes file: URLs for paths', async () => {
    const url = (text: string): URL => new URL(`file://${text}`)
    expect(await fs.fileSize(url(`${root}/file?query#part`))).equal(5)
    await fs.createDirectory(url(`${root}/a%20b%0A`))
    expect(readdirSync(root)).include('a b\n')
    sync.open(url(`${root}/folder/%ff`), ['create', 'write_only'], 0o600).close()
    const [entry] = [...sync.directoryIterator(url(`${root}/folder`))]
    expect([...entry!.path.toBytes()].at(-1)).equal(0xff)
    expect(String(new fs.Path(url('/a/b')).join('c'))).equal('/a/b/c')
    await fs.currentWorkingDirectory(url(process.cwd()))
    for (const wrong of [url('host/a'), url('/a%2Fb'), new URL('http://localhost/a')]) {
      const error = await failure(fs.exists(wrong))
      expect([error.code, error.arg]).deep.equal(['EINVAL', 'p'])
    }
    const missing = await failure(fs.fileSize(url(`${root}/none`)))
    expect([missing.code, missing.path]).deep.equal(['ENOENT', join(root, 'none')])
  })

  it('keeps names that are no UTF-8', async () => {
    const odd = fs.Path.fromBytes(new Uint8Array([...Buffer.from(`${root}/folder/`), 0xff, 0x0a]))
    sync.open(odd, ['create', 'write_only'], 0o600).close()
    const found = []
    for await (const { path } of fs.directoryIterator(at('folder'))) found.push(path)
    expect(found.map(path => path.equals(odd))).deep.equal([true])
    expect(await fs.remove(found[0]!)).equal(true)
  })
})
