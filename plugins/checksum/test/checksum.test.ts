// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, constants, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { isEof } from '@emilua/errors'
import { EmiluaError, loadPlugin, operate0, operate1 } from '@emilua/native'
import { expect } from 'chai'
import { crc32, hashFile, Hasher } from 'emilua-plugin-checksum'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const library = at('../build/checksum.so')
const program = at('checksum.lua')

function lua (file: string, path: string): { status: number | null, stdout: string, stderr: string } {
  return spawnSync(at('../../../emilua'), [file], { encoding: 'utf8', env: { ...process.env, EMILUA_PATH: path } })
}

function thrown (f: () => unknown): EmiluaError {
  try {
    f()
  } catch (error) {
    expect(error).to.be.instanceOf(EmiluaError)
    return error as EmiluaError
  }
  throw new Error('nothing was thrown')
}

describe('a plugin', function () {
  this.timeout(60_000)
  let folder: string

  before(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-')) })
  after(() => { rmSync(folder, { recursive: true }) })

  /** A shared object made of C. */
  function compile (name: string, source: string): string {
    const file = join(folder, `${name}.so`)
    execFileSync('cc', ['-shared', '-fPIC', '-o', file, '-x', 'c', '-'], { input: source })
    return file
  }

  it('has functions, classes and suspending functions in TypeScript', async () => {
    expect(crc32(bytes('123456789'))).to.equal(0xcbf43926)
    const hasher = new Hasher()
    for (const piece of ['123', '', '456789']) hasher.update(bytes(piece))
    expect(hasher.digest).to.equal(0xcbf43926)
    expect(thrown(() => { hasher.update('text' as never) })).to.include({ code: 'EINVAL', arg: 'bytes' })
    expect(await hashFile(library)).to.equal(crc32(readFileSync(library)))
    const missing = await hashFile('/nowhere').catch((error: unknown) => error)
    expect(missing).to.include({ code: 'ENOENT', syscall: 'open', arg: 'path' })
  })

  it('can be interrupted', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const fifo = join(folder, 'fifo')
    execFileSync('mkfifo', [fifo])
    const endless = hashFile(fifo, { signal: controller.signal }).catch((error: unknown) => error)
    expect(await hashFile('/dev/null')).to.equal(0)
    controller.abort(reason)
    expect(await endless).to.equal(reason)
    // The thread that waits for somebody to write goes on.
    closeSync(openSync(fifo, constants.O_RDWR))
  })

  it('is a module of Lua', () => {
    const { stdout, stderr } = lua(program, at('../build'))
    expect(stderr).to.equal('')
    expect(stdout).to.equal(readFileSync(at('checksum.expected'), 'utf8'))
  })

  it('fails with errors of Asio and of Emilua as the host knows them, and uses timers of its context', async () => {
    const corners = loadPlugin(new URL('../build/corners.so', import.meta.url))
    const end = await operate0(corners['end'], 0, undefined).catch((error: unknown) => error)
    expect(isEof(end)).to.equal(true)
    expect(end).to.have.property('code', 'EOF')
    expect(isEof(thrown(() => corners['throw_end']()))).to.equal(true)
    expect(thrown(() => corners['throw_closed']()).category.name).to.equal('emilua')
    expect(thrown(() => corners['either'](true))).to.include({ arg: 'value' }).and.have.property('message', 'value: Expected a number or a string, not true')
    expect(await operate1(corners['wait'], 0, undefined, 1)).to.equal(undefined)
    expect(await operate1(corners['wait'], 0, { signal: AbortSignal.abort('no') }, 100_000).catch((error: unknown) => error)).to.equal('no')
    const { stdout, stderr } = lua(at('corners.lua'), at('../build'))
    expect(stderr).to.equal('')
    expect(stdout).to.equal('true\ttrue\ntrue\na number or a string\ntrue\n')
  })

  it('is found in a folder of its own, too, before Lua files of that name', () => {
    const source = join(folder, 'which.lua')
    writeFileSync(source, "print(require('checksum').crc32(byte_span.new(0)))")
    writeFileSync(join(folder, 'checksum.lua'), "error('not this one')")
    execFileSync('mkdir', [join(folder, 'checksum')])
    copyFileSync(library, join(folder, 'checksum/checksum.so'))
    expect(lua(source, `/nowhere:${folder}`).stdout).to.equal('0\n')
  })

  it('is loaded in every environment of the process', async () => {
    const source = `import('emilua-plugin-checksum').then(async ({ crc32, hashFile }) => {
      require('worker_threads').parentPort.postMessage([crc32(new Uint8Array(0)), await hashFile('/dev/null')])
    })`
    const file = at('../build/worker.cjs')
    writeFileSync(file, source)
    const worker = new Worker(file)
    const answer = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    expect(answer).to.deep.equal([0, 0])
    await worker.terminate()
    rmSync(file)
    expect(crc32(bytes('a'))).to.equal(0xe8b7be43)
  })

  it('needs nothing of its host and exports its entry point alone', () => {
    const symbols = execFileSync('nm', ['-D', library], { encoding: 'utf8' }).trim().split('\n')
      .map(line => /^(?:[0-9a-f]{16}|) *(\w) (.*)$/.exec(line)!.slice(1) as [kind: string, name: string])
    const undefined_ = symbols.filter(([kind]) => kind === 'U').map(([, name]) => name)
    expect(undefined_).not.to.be.empty
    expect(undefined_.filter(name => !/@(?:GLIBC|GLIBCXX|CXXABI|GCC)_/.test(name))).to.deep.equal([])
    expect(undefined_.filter(name => /emilua|lua_/.test(name))).to.deep.equal([])
    expect(symbols.filter(([kind]) => !['U', 'w'].includes(kind)).map(([, name]) => name)).to.deep.equal(['emilua_plugin'])
  })

  it('is refused, with the reason, when it is none', () => {
    expect(thrown(() => loadPlugin(join(folder, 'missing.so')))).to.include({ code: 'ENOENT', arg: 'path' })
    const text = join(folder, 'text.so')
    writeFileSync(text, 'no shared object')
    expect(thrown(() => loadPlugin(text))).to.have.property('code', 'ENOEXEC')
    const error = thrown(() => loadPlugin(compile('nothing', 'int x;')))
    expect(error).to.have.property('code', 'ENOEXEC')
    expect(error.message).to.include('exports emilua_plugin').and.include('nothing.so')
  })

  it('is refused when it was built for something else, and both are named', () => {
    const file = compile('old', 'struct { unsigned stamp[5]; const char *name; } emilua_plugin = { { 77, 12345, 1, 4, 0 }, 0 };')
    const { code, message } = thrown(() => loadPlugin(file))
    expect(code).to.equal('ENOEXEC')
    expect(message).to.match(/built for ABI \d+, Boost \d+, .* was built for ABI 77, Boost 12345, /)
    const source = join(folder, 'old-one.lua')
    writeFileSync(source, "local ok, e = pcall(require, 'old') print(ok, e, e.expected)")
    const { stdout } = lua(source, folder)
    expect(stdout).to.match(/^false\tdlopen: Exec format error\ta plugin built for ABI \d+, .* ABI 77, Boost 12345/)
  })

  it('is refused when its module has the name of another', () => {
    const copy = join(folder, 'copy.so')
    copyFileSync(library, copy)
    const { code, message } = thrown(() => loadPlugin(copy))
    expect(code).to.equal('ENOEXEC')
    expect(message).to.include('called checksum')
    const source = join(folder, 'copied.lua')
    writeFileSync(source, "local ok, e = pcall(require, 'copy') print(ok, e.expected)")
    expect(lua(source, folder).stdout).to.include('a plugin called copy; ').and.include('has the module checksum')
  })
})
