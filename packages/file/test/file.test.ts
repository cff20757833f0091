// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { EmiluaError } from '@emilua/errors'
import { RandomAccess, Stream, readAllAt, readAtLeastAt, writeAllAt, writeAtLeastAt } from '@emilua/file'
import * as pipe from '@emilua/pipe'
import { spawn, type OperationOptions } from '@emilua/runtime'
import { Scanner, isEof, readAll, writeAll } from '@emilua/stream'
import { toDuplex } from '@emilua/stream/node'
import { run, seccomp, type RunOptions } from '@emilua/system'
import { expect } from 'chai'

const failure = (promise: Promise<unknown>): Promise<EmiluaError> =>
  promise.then(() => { throw new Error('It did not fail') }, error => error as EmiluaError)
const descriptors = (): number => readdirSync('/proc/self/fd').length
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('file', () => {
  let folder: string
  before(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-file-')) })
  after(() => { rmSync(folder, { recursive: true }) })

  async function filled (name: string, content: string | Uint8Array): Promise<Stream> {
    writeFileSync(join(folder, name), content)
    const file = new Stream()
    await file.open(join(folder, name), ['read_write'])
    return file
  }

  it('writes, seeks, reads to the end and tells its size', async () => {
    using file = new Stream()
    await file.open(join(folder, 'a'), ['create', 'exclusive', 'read_write'])
    expect(await writeAll(file, 'hello files')).equal(11)
    expect([file.size, file.seek(-5, 'end'), file.seek(0, 'cur')]).to.deep.equal([11, 6, 6])
    const buffer = new Uint8Array(5)
    await readAll(file, buffer)
    expect(text(buffer)).equal('files')
    expect(isEof(await failure(file.readSome(buffer)))).equal(true)
    await file.resize(5)
    await file.syncAll()
    await file.syncData()
    expect(readFileSync(join(folder, 'a'), 'utf8')).equal('hello')
  })

  it('is iterated over, is two Web Streams and a Duplex', async () => {
    const content = new Uint8Array(1 << 20).map((_, i) => i % 251)
    using file = await filled('b', content)
    let size = 0
    for await (const chunk of file) {
      expect(chunk[0]).equal(size % 251)
      size += chunk.length
    }
    expect(size).equal(content.length)

    const web = await filled('c', 'through the Web')
    let all = ''
    for await (const chunk of web.readable) all += text(chunk)
    expect(all).equal('through the Web')

    const sink = (await filled('d', '')).writable.getWriter()
    await sink.write(new TextEncoder().encode('written'))
    await sink.close()
    expect(readFileSync(join(folder, 'd'), 'utf8')).equal('written')

    const duplex = toDuplex(await filled('e', 'through Node'))
    all = ''
    for await (const chunk of duplex) all += text(chunk as Uint8Array)
    expect(all).equal('through Node')
  })

  it('is a Duplex that reads nothing unasked, and closes when all is written', async () => {
    const sink = new Stream()
    await sink.open(join(folder, 'sink'), ['create', 'write_only'])
    const writing = toDuplex(sink)
    const closed = once(writing, 'close')
    await pipeline([Buffer.from('one '), Buffer.from('two')], writing)
    await closed
    expect(readFileSync(join(folder, 'sink'), 'utf8')).equal('one two')
    expect(sink.isOpen).equal(false)

    const both = await filled('both', 'front and rest')
    const duplex = toDuplex(both)
    await new Promise<void>((resolve, reject) => { duplex.write('FRONT', error => { error ? reject(error) : resolve() }) })
    let rest = ''
    for await (const chunk of duplex) rest += text(chunk as Uint8Array)
    expect(rest).equal(' and rest')
    expect(readFileSync(join(folder, 'both'), 'utf8')).equal('FRONT and rest')
  })

  it('gives lines to a scanner', async () => {
    using file = await filled('lines', 'one\ntwo\n')
    const scanner = new Scanner({ stream: file })
    expect(text(await scanner.getLine() as Uint8Array)).equal('one')
    expect(text(await scanner.getLine() as Uint8Array)).equal('two')
  })

  it('has reads that wait for each other read nothing twice', async () => {
    using file = await filled('f', 'abcdefgh')
    const letters = await Promise.all(Array.from({ length: 8 }, async () => {
      const one = new Uint8Array(1)
      await file.readSome(one)
      return text(one)
    }))
    expect(letters.join('')).equal('abcdefgh')
  })

  it('reads and writes sixty-four places at once', async () => {
    using file = new RandomAccess()
    await file.open(join(folder, 'g'), ['create', 'read_write'])
    const places = Array.from({ length: 64 }, (_, i) => i)
    await Promise.all(places.map(i => writeAllAt(file, i * 4096, new Uint8Array(4096).fill(i))))
    const right = await Promise.all(places.map(async i => {
      const block = new Uint8Array(4096)
      await readAllAt(file, i * 4096, block)
      return block.every(byte => byte === i)
    }))
    expect([file.size, right.every(Boolean)]).to.deep.equal([64 * 4096, true])
    expect(await writeAtLeastAt(file, 1, 'text', 4)).equal(4)
    expect(await readAtLeastAt(file, 64 * 4096 - 2, new Uint8Array(9), 1)).equal(2)
    expect(isEof(await failure(readAllAt(file, 64 * 4096 - 2, new Uint8Array(9))))).equal(true)
    expect(isEof(await failure(file.readSomeAt(2 ** 52, new Uint8Array(1))))).equal(true)
  })

  it('appends wherever its position is', async () => {
    writeFileSync(join(folder, 'h'), 'front')
    using file = new Stream()
    await file.open(join(folder, 'h'), ['append', 'write_only'])
    file.seek(0, 'set')
    await writeAll(file, ' end')
    expect(readFileSync(join(folder, 'h'), 'utf8')).equal('front end')
  })

  it('waits for a lock that somebody else of this process or another one has', async () => {
    using file = await filled('i', '')
    using other = new RandomAccess()
    await other.open(join(folder, 'i'), ['read_only'])
    await file.lock()
    expect([other.tryLock(), other.tryLockShared()]).to.deep.equal([false, false])
    const stop = new AbortController()
    const canceled = failure(other.lock({ signal: stop.signal }))
    stop.abort()
    expect((await canceled).name).equal('AbortError')
    const waiting = other.lockShared()
    file.unlock()
    await waiting
    expect([file.tryLock(), file.tryLockShared()]).to.deep.equal([false, true])
    file.unlock()
    other.unlock()
    const child = promisify(execFile)('flock', [join(folder, 'i'), 'sh', '-c', 'echo locked; read line; exit 0'])
    await new Promise(resolve => child.child.stdout!.once('data', resolve))
    expect(file.tryLock()).equal(false)
    const released = file.lock()
    child.child.stdin!.end('\n')
    await released
    await child
  })

  it('ends what waits for a lock when it is canceled or closed', async () => {
    using file = await filled('j', '')
    const other = new Stream()
    await other.open(join(folder, 'j'), ['read_write'])
    await file.lock()
    const canceled = failure(other.lock())
    other.cancel()
    expect((await canceled).code).equal('ECANCELED')
    const closed = failure(other.lock())
    other.close()
    expect((await closed).code).equal('ECANCELED')
  })

  it('takes descriptors and gives them away', async () => {
    const before = descriptors()
    const file = await filled('k', 'content')
    const fd = file.release()
    expect([file.isOpen, fd.type]).to.deep.equal([false, 'regular'])
    using other = new RandomAccess(fd)
    const buffer = new Uint8Array(7)
    await readAllAt(other, 0, buffer)
    expect(text(buffer)).equal('content')
    const another = (await filled('k', 'content')).release()
    expect(() => { other.assign(another) }).throw().include({ code: 'ALREADY_OPEN' })
    another.close()
    other.close()
    expect((await failure(other.readSomeAt(0, buffer))).code).equal('EBADF')
    expect(descriptors()).equal(before)
  })

  it('opens from a directory on, and not beyond it', async () => {
    const file = new Stream()
    await file.open(folder)
    const directory = file.release()
    writeFileSync(join(folder, 'l'), 'beneath')
    using found = new Stream(await directory.openat('l', ['read_only', 'resolve_beneath']))
    expect(found.size).equal(7)
    expect((await failure(directory.openat('../x', ['read_only', 'resolve_beneath']))).code).equal('EXDEV')
    expect((await failure(directory.openat('m', ['create', 'write_only']))).arg).equal('mode')
    using made = new Stream(directory.openatSync('m', ['create', 'write_only'], 0o600))
    expect(made.size).equal(0)
    directory.close()
    directory.close()
  })

  it('waits for what a FIFO has, and can be canceled', async () => {
    const [reader, writer] = pipe.pair()
    using file = new Stream(reader.release())
    const buffer = new Uint8Array(4)
    const canceled = failure(file.readSome(buffer))
    file.cancel()
    expect((await canceled).code).equal('ECANCELED')
    const read = file.readSome(buffer)
    await writeAll(writer, 'abc')
    expect(await read).equal(3)
    expect(() => file.seek(0, 'set')).throw().include({ code: 'ESPIPE' })
    using random = new RandomAccess(file.release())
    expect((await failure(random.readSomeAt(0, buffer))).code).equal('ESPIPE')
    writer.close()
  })

  it('ends each operation by its signal and by its fiber, or delivers it', async () => {
    const content = new Uint8Array(65536).map((_, i) => i % 251)
    using stream = await filled('p', content)
    using random = new RandomAccess()
    await random.open(join(folder, 'p'), ['read_write'])
    const block = new Uint8Array(4096)
    const operations: Record<string, (options?: OperationOptions) => Promise<unknown>> = {
      readSome: options => stream.readSome(block, options),
      writeSome: options => stream.writeSome(content.subarray(0, 4096), options),
      readSomeAt: options => random.readSomeAt(251 * 16, block, options),
      writeSomeAt: options => random.writeSomeAt(0, content.subarray(0, 4096), options),
      readAllAt: options => readAllAt(random, 0, block, options),
      writeAllAt: options => writeAllAt(random, 0, content.subarray(0, 4096), options),
      resize: options => random.resize(content.length, options),
      syncAll: options => random.syncAll(options),
      syncData: options => stream.syncData(options)
    }
    const outcomes = new Set<string>()
    for (const [name, operation] of Object.entries(operations)) {
      for (let round = 0; round < 20; round++) {
        stream.seek(0, 'set')
        // At once, and after a turn of the loop.
        const wait = (): Promise<void> => round % 2 === 0 ? Promise.resolve() : new Promise(resolve => { setImmediate(resolve) })
        const stop = new AbortController()
        const bySignal = operation({ signal: stop.signal }).then(() => 'delivered', (error: Error) => error.name)
        await wait()
        stop.abort()
        outcomes.add(await bySignal)
        stream.seek(0, 'set')
        const fiber = spawn(() => operation())
        await wait()
        fiber.cancel()
        const byFiber = await fiber.join().then(() => 'delivered', (error: Error) => fiber.cancellationCaught ? 'AbortError' : `${name}: ${error.message}`)
        outcomes.add(byFiber)
        const early = new AbortController()
        early.abort()
        expect((await failure(operation({ signal: early.signal }) as Promise<unknown>)).name, name).equal('AbortError')
      }
    }
    expect([...outcomes].filter(outcome => outcome !== 'delivered' && outcome !== 'AbortError')).to.deep.equal([])
    expect(outcomes.has('delivered')).equal(true)
    // What was delivered is whole, and nothing is left behind.
    stream.seek(0, 'set')
    const all = new Uint8Array(content.length)
    await readAll(stream, all)
    expect(Buffer.compare(all, content)).equal(0)
  })

  it('does not fill a buffer that was given away meanwhile', async () => {
    using file = await filled('n', 'secret')
    const buffer = new Uint8Array(6)
    const read = file.readSome(buffer).then(n => n, (error: EmiluaError) => error.code)
    structuredClone(buffer, { transfer: [buffer.buffer] })
    expect(await read).to.be.oneOf([6, 'EINVAL'])
    expect(buffer.length).equal(0)
  })

  it('says what is wrong with a place, and what to do with a directory', async () => {
    using file = new Stream()
    await file.open(folder, ['read_only'])
    expect(() => file.seek(-5, 'set')).throw('offset: Expected a place that is not before the beginning of the file, not -5').include({ code: 'EINVAL' })
    expect(await failure(file.readSome(new Uint8Array(1)))).include({ code: 'EISDIR', message: 'read: Is a directory: a directory iterator gives what is in it' })
  })

  it('refuses flags that contradict each other, and whoever is open', async () => {
    using file = await filled('o', '')
    expect(await failure(file.open(join(folder, 'o'), []))).include({ code: 'ALREADY_OPEN', message: 'Already open: close the stream first, or make another one' })
    const closed = new Stream()
    expect((await failure(closed.open(join(folder, 'o'), ['read_only', 'write_only']))).arg).equal('flags')
    expect((await failure(closed.open(join(folder, 'nothing'), ['read_only'])))).include({ code: 'ENOENT', path: join(folder, 'nothing') })
    expect((await failure(readAllAt({} as RandomAccess, 0, new Uint8Array(1)))).arg).equal('file')
    expect((await failure(readAllAt(new RandomAccess(), -1, new Uint8Array(1)))).arg).equal('offset')
    expect((await failure(readAtLeastAt(new RandomAccess(), 0, new Uint8Array(1), 2))).arg).equal('minimum')
  })

  it('uses a ring unless it is told not to, or the system refuses one', async () => {
    const { EMILUA_FILE_IO: way, REFUSED: refused } = process.env
    if (way === undefined) return
    using file = await filled('r', 'here')
    await file.readSome(new Uint8Array(4))
    const open = readdirSync('/proc/self/fd').map(fd => { try { return readlinkSync(`/proc/self/fd/${fd}`) } catch { return '' } })
    // Node may have rings of its own, libuv's, where the kernel is new.
    if (refused !== undefined) expect(open).not.include('anon_inode:[io_uring]')
    else if (way === 'ring') expect(open).include('anon_inode:[io_uring]')
  })

  if (process.env.EMILUA_FILE_IO === undefined) {
    const again = (variables: Record<string, string>, more: Partial<RunOptions> = {}) => async function (this: Mocha.Context) {
      this.timeout(60_000)
      const mocha = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'))
      const { stdout, exitCode } = await run({
        program: process.execPath,
        arguments: [process.execPath, ...process.execArgv, mocha, fileURLToPath(import.meta.url)],
        environment: { ...process.env as Record<string, string>, ...variables },
        ...more
      })
      expect(text(stdout)).match(/\d+ passing/).and.not.match(/failing/)
      expect(exitCode).equal(0)
    }
    for (const way of ['ring', 'pool']) it(`does all of this with the ${way} alone`, again({ EMILUA_FILE_IO: way }))
    // EPERM is what a filter and the sysctl kernel.io_uring_disabled make of it, ENOSYS what an old kernel does.
    for (const [refusal, code] of [['EPERM', 1], ['ENOSYS', 38]] as const) {
      it(`does all of this where the system refuses rings with ${refusal}`, again({ EMILUA_FILE_IO: 'ring', REFUSED: refusal, UV_USE_IO_URING: '0' }, {
        setNoNewPrivs: true,
        seccompSetModeFilter: seccomp.filter({ default: 'allow', errno: ['io_uring_setup', 'io_uring_enter', 'io_uring_register'], code })
      }))
    }
  }
})
