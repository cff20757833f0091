// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync, spawn as spawnInNode, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { constants as osConstants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EmiluaError } from '@emilua/errors'
import { spawn } from '@emilua/runtime'
import { probe, Sandbox, systemPaths, type Guest, type Policy, type RunResult } from '@emilua/sandbox'
import { expect } from 'chai'
import { descriptorsAhead, foundations, inProcess, onBoth, onNamespaces, preferred, processesAreCounted } from './foundations.js'

const system = systemPaths()
const constants = osConstants.signals
const environment = { PATH: '/usr/bin:/bin' }
const root = fileURLToPath(new URL('../../..', import.meta.url))

function shell (script: string, policy: Policy = {}): Promise<RunResult> {
  return new Sandbox({ read: system, ...policy }).run({ program: 'sh', arguments: ['sh', '-c', script], environment })
}

async function failure (attempt: () => Promise<unknown> | unknown): Promise<EmiluaError> {
  try {
    await attempt()
  } catch (error) {
    return error as EmiluaError
  }
  throw new Error('nothing failed')
}

const descriptors = (): number => readdirSync('/proc/self/fd').length

describe('a sandbox', () => {
  let scratch: string
  beforeEach(() => { scratch = mkdtempSync(join(tmpdir(), 'emilua-')) })
  afterEach(() => { rmSync(scratch, { recursive: true, force: true }) })

  it(`stands on ${preferred} here, and says so`, async () => {
    const found = await probe()
    expect(found).include({ foundation: preferred, seccomp: true })
    expect(found.landlock.abi > 0).equal(foundations.includes('process'))
    expect((await shell('')).foundation).equal(preferred)
    const lacking = { namespaces: 'namespaces', process: 'landlock' } as const
    for (const foundation of ['namespaces', 'process'] as const) {
      if (foundations.includes(foundation)) void new Sandbox({ foundation })
      else expect(await failure(() => new Sandbox({ foundation }))).include({ name: 'SandboxUnavailable', layer: lacking[foundation] })
    }
    if (!foundations.includes('namespaces')) {
      expect(found.namespaces.user).equal(false)
      expect(found).include({ reason: 'user.max_user_namespaces is 0', advice: 'sysctl user.max_user_namespaces=10000' })
    } else {
      expect(found).include({ reason: undefined, advice: undefined })
      expect(Object.values(found.namespaces)).not.include(false)
    }
  })

  onNamespaces('has nothing that it was not handed', async () => {
    const { stdout, stderr, exitCode } = await new Sandbox({ read: system })
      .run({ program: 'sh', arguments: ['sh', '-c', 'ls -A / && set -- /proc/[0-9]* && echo $# && env && ls -x /proc/self/fd'], environment })
    expect(stderr.toString()).equal('')
    const [, ...rest] = stdout.toString().split(/\n(?=\d)/)
    expect(stdout.toString().split('\n').filter(name => /^[a-z0-9]+$/.test(name) && !/^\d/.test(name)))
      .members([...system.map(path => path.slice(1)).filter(path => !path.includes('/')), 'dev', 'etc', 'proc'])
    expect(rest[0]).match(/^2\nPATH=\/usr\/bin:\/bin\nPWD=\/$/)
    expect(rest[1]).match(/^0 +1 +2 +3\n$/)
    expect(exitCode).equal(0)
  })

  onNamespaces('cannot compute a thing from nothing', async () => {
    expect(await failure(() => new Sandbox().run({ program: '/bin/true', arguments: ['true'] }))).include({ code: 'ENOENT', syscall: 'execve', path: '/bin/true' })
  })

  onNamespaces('reads what it may read, and changes what it may change', async () => {
    mkdirSync(join(scratch, 'in'))
    mkdirSync(join(scratch, 'out'))
    writeFileSync(join(scratch, 'in/note'), 'a note\n')
    writeFileSync(join(scratch, 'secret'), 'a secret\n')
    symlinkSync('../secret', join(scratch, 'out/way-out'))
    const { stdout } = await shell(`
      cd ${scratch}
      cat in/note; ls; cat secret out/way-out || echo no secret; echo x > in/note || echo read-only
      echo made > out/made; cat out/made; cp /bin/true out/run; chmod 755 out/run; out/run || echo does not run
      echo y > here || echo not here
      ln in/note out/link || echo no link
    `, { read: [...system, join(scratch, 'in')], write: [join(scratch, 'out')] })
    expect(stdout.toString()).equal('a note\nin\nout\nno secret\nread-only\nmade\ndoes not run\nnot here\nno link\n')
    expect(readFileSync(join(scratch, 'in/note'), 'utf8')).equal('a note\n')
    expect(readFileSync(join(scratch, 'out/made'), 'utf8')).equal('made\n')
  })

  it('runs only what it may run', async () => {
    const { stdout } = await new Sandbox({ read: system, execute: ['/bin/sh', '/bin/echo', ...system.filter(path => path.startsWith('/lib')), '/usr/lib'] })
      .run({ program: '/bin/sh', arguments: ['sh', '-c', '/bin/echo this; /bin/cat /dev/null || /bin/echo not that'], environment })
    expect(stdout.toString()).equal('this\nnot that\n')
  })

  onNamespaces('has a /tmp of its own, if asked for', async () => {
    const { stdout } = await shell('echo x > /tmp/x && cat /tmp/x; dd if=/dev/zero of=/tmp/y bs=64k 2>/dev/null || stat -c %s /tmp/y', { temporary: 1 << 20 })
    expect(stdout.toString()).match(/^x\n\d+\n$/)
    expect(Number(stdout.toString().split('\n')[1])).within(900_000, 1 << 20)
  })

  onNamespaces('runs what is written to its own /tmp if it may run /tmp, and nothing of the host there', async () => {
    const folder = mkdtempSync('/tmp/emilua-')
    try {
      writeFileSync(join(folder, 'tool'), '#!/bin/sh\necho not that\n', { mode: 0o755 })
      const script = `cp /bin/echo /tmp/made && /tmp/made this; ls -A /tmp; ${folder}/tool; touch ${folder}/x`
      const policy = { temporary: 1 << 20, read: [...system, folder] }
      expect((await shell(script, { ...policy, execute: [...system, '/tmp'] })).stdout.toString()).equal(`this\n${folder.slice(5)}\nmade\n`)
      expect((await shell(script, { ...policy, execute: system })).stdout.toString()).equal(`${folder.slice(5)}\nmade\n`)
      expect(readdirSync(folder)).deep.equal(['tool'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  onNamespaces('refuses to hide the host\'s /tmp by its own where the policy names it', async () => {
    for (const field of ['read', 'write', 'copyOnWrite'] as const) {
      const named = field === 'copyOnWrite' ? '/tmp' : ['/tmp']
      expect(await failure(() => new Sandbox({ temporary: 1 << 20, [field]: named }))).include({ code: 'EINVAL', arg: `policy.${field}` })
    }
  })

  onNamespaces('says what a program lacks that is there', async () => {
    writeFileSync(join(scratch, 'script'), '#!/opt/none/perl\n', { mode: 0o755 })
    const run = (program: string, read: string[]) => failure(() => new Sandbox({ read }).run({ program, arguments: [program] }))
    expect(await run(join(scratch, 'script'), [...system, scratch])).include({ code: 'ENOENT', path: '/opt/none/perl' })
    expect((await run('/bin/true', ['/bin/true'])).path).match(/^\/lib.*ld-linux/)
  })

  inProcess('says what a program may not be run by, and that it is in no path of the policy', async () => {
    writeFileSync(join(scratch, 'script'), `#!${join(scratch, 'by')}\n`, { mode: 0o755 })
    writeFileSync(join(scratch, 'by'), '#!/bin/sh\n', { mode: 0o755 })
    const run = (program: string, read: string[]): Promise<EmiluaError> => failure(() => new Sandbox({ read, foundation: 'process' }).run({ program, arguments: [program] }))
    const hint = /the policy has to name it, or a folder above/
    const loader = await run('/bin/true', ['/bin/true'])
    expect(loader).include({ code: 'EACCES', syscall: 'execve' })
    expect(loader.path).match(/^\/lib.*ld-linux/)
    expect(loader.message).match(hint)
    expect(await run(join(scratch, 'script'), [...system, join(scratch, 'script')])).include({ path: join(scratch, 'by') })
    expect((await run(join(scratch, 'script'), [scratch])).path).match(/^\/bin\/sh$/)
    writeFileSync(join(scratch, 'plain'), '#!/none\n', { mode: 0o644 })
    expect((await run(join(scratch, 'plain'), [scratch])).message).not.match(hint)
  })

  inProcess('begins in the root, not where this program is', async () => {
    const { stdout } = await shell('pwd', { foundation: 'process' })
    expect(stdout.toString()).equal('/\n')
  })

  it('says which path of its policy is not there', async () => {
    const path = join(scratch, 'none')
    expect(await failure(() => shell('', { write: [path] }))).include({ code: 'ENOENT', path })
  })

  it('refuses what contradicts itself', async () => {
    expect(await failure(() => new Sandbox({ limits: { seconds: -1 } }))).include({ code: 'EINVAL', arg: 'policy.limits.seconds' })
    expect(await failure(() => new Sandbox({ read: [''] }))).include({ code: 'EINVAL', arg: 'policy.read' })
    expect(await failure(() => new Sandbox({ reads: [] } as Policy))).include({ code: 'EINVAL' })
    const misspelt = await failure(() => new Sandbox().run({ program: 'true', inputs: 'x' } as { program: string }))
    expect(misspelt).include({ code: 'EINVAL', arg: 'opts.inputs' })
    expect(misspelt.message).match(/workingDirectory, input, limit, signal; is it 'input' that is meant\?$/)
  })

  it('says what a process alone cannot be held to', async () => {
    mkdirSync(join(scratch, 'part'))
    const refused = (policy: Policy): Promise<EmiluaError> => failure(() => new Sandbox({ foundation: 'process', ...policy }))
    const needs = 'which takes namespaces, and this sandbox is in a process'
    const temporary = await refused({ temporary: 1 << 20 })
    expect(temporary).include({ name: 'SandboxUnavailable', layer: 'namespaces' })
    expect(temporary.message).include(`\`policy.temporary\` has a /tmp of its own, ${needs}`)
    if (!foundations.includes('process')) return
    // In namespaces these are not written to.
    for (const [field, policy] of Object.entries({
      read: { write: [scratch], read: [join(scratch, 'part')] },
      execute: { write: [scratch], execute: [join(scratch, 'part')] }
    })) {
      const error = await refused(policy)
      expect(error).include({ name: 'SandboxUnavailable', layer: 'namespaces' })
      expect(error.message).include(`\`policy.${field}\` has a part that is not written to of a folder that is, ${needs}`)
    }
    for (const policy of [{ read: [scratch], write: [join(scratch, 'part')] }, { read: [scratch], write: [scratch] }]) void new Sandbox({ foundation: 'process', ...policy })
  })

  it('says what is wrong with limits and paths that no guest can start with', async () => {
    const run = (policy: Policy, opts: object = {}): Promise<RunResult> => new Sandbox({ read: system, ...policy }).run({ program: 'pwd', arguments: ['pwd'], environment, ...opts })
    // What was there before is less.
    for (const limits of [{ descriptors: 2 ** 53 - 1 }, { fileSize: 2 ** 53 - 1 }, { processor: 2 ** 53 - 1 }]) expect((await run({ limits })).exitCode).equal(0)
    if ((await probe()).controlGroups.memory) {
      const error = await failure(() => run({ limits: { memory: 4096, memoryScope: 'sandbox' } }))
      expect(error).include({ code: 'ENOMEM', arg: 'policy.limits.memory' })
      expect(error.message).equal('policy.limits.memory: Cannot allocate memory: it has to allow what the start itself needs, 2 MiB or so')
    }
    expect(await failure(() => new Sandbox({ copyOnWrite: '/' }))).include({ code: 'EINVAL', arg: 'policy.copyOnWrite' })
    symlinkSync('none', join(scratch, 'nowhere'))
    symlinkSync('loop', join(scratch, 'loop'))
    for (const foundation of foundations) {
      for (const [name, code] of [['nowhere', 'ENOENT'], ['loop', 'ELOOP']] as const) {
        const error = await failure(() => run({ foundation, read: [...system, join(scratch, name)] }))
        expect(error).include({ code, path: join(scratch, name) })
        expect(error.message).not.include('elsewhere')
      }
      expect((await run({ foundation, read: [...system, process.cwd()] }, { workingDirectory: '.' })).stdout.toString()).equal(`${process.cwd()}\n`)
    }
    for (const name of ['stdin', 'stdout', 'stderr']) expect(await failure(() => run({}, { [name]: 'share' }))).include({ code: 'EINVAL', arg: `opts.${name}` })
  })

  it('talks through pipes', async () => {
    const result = await new Sandbox({ read: system }).run({ program: 'sort', arguments: ['sort', '-n'], environment, input: '10\n9\n' })
    expect(result.stdout.toString()).equal('9\n10\n')
    const cut = await new Sandbox({ read: system }).run({ program: 'yes', arguments: ['yes'], environment, limit: 10, signal: AbortSignal.timeout(300) }).catch((error: Error) => error)
    expect(cut).property('name', 'TimeoutError')
    await using guest = await new Sandbox({ read: system }).spawn({ program: 'cat', arguments: ['cat'], environment, stdin: 'pipe', stdout: 'pipe' })
    await guest.stdin.writeSome(Buffer.from('hello'))
    const buffer = new Uint8Array(10)
    expect(await guest.stdout.readSome(buffer)).equal(5)
    guest.stdin.close()
    await guest.wait()
    expect(guest.exitCode).equal(0)
    expect(guest.pid).equal(undefined)
  })

  it('ends with a block, a canceled fiber and a signal', async () => {
    const sandbox = new Sandbox({ read: system })
    const marker = `9${process.pid}${Date.now() % 100000}`
    const running = (): boolean => execFileSync('sh', ['-c', `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '`], { encoding: 'utf8' }).includes(`sleep ${marker}`)
    {
      await using guest = await sandbox.spawn({ program: 'sleep', arguments: ['sleep', marker], environment })
      expect(running()).equal(true)
      expect(guest.pid).above(0)
    }
    expect(running()).equal(false)
    const fiber = spawn(() => sandbox.run({ program: 'sleep', arguments: ['sleep', marker], environment }))
    while (!running()) await new Promise(resolve => setImmediate(resolve))
    await fiber[Symbol.asyncDispose]()
    // Of a start that is given up nobody is told when it is over.
    while (running()) await new Promise(resolve => setImmediate(resolve))
    const guest = await sandbox.spawn({ program: 'sleep', arguments: ['sleep', '1000'], environment })
    guest.kill(15)
    await guest.wait()
    expect(guest).include({ exitSignal: 15, exitCode: 143, limit: undefined })
    expect(await failure(() => { guest.kill(15) })).include({ code: 'ESRCH' })
  })

  it('does not start in a fiber that was canceled before, which has nothing to be told of', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `
      import { spawn } from '@emilua/runtime'
      import { Sandbox } from '@emilua/sandbox'
      const fiber = spawn(() => new Sandbox().run({ program: 'true' }))
      fiber.cancel()
      await fiber.join().catch(error => { console.log(error.name) })
    `], { encoding: 'utf8', cwd: join(root, 'packages/sandbox') })
    expect([stdout, stderr]).deep.equal(['FiberCanceled\n', ''])
  })

  for (const masked of [true, false]) it(`does not seem to clean up in a fiber that was canceled during a start that ${masked ? 'succeeded' : 'may have'}`, () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `
      import { spawn, uncancelable } from '@emilua/runtime'
      import { Sandbox, systemPaths } from '@emilua/sandbox'
      const core = Object.getPrototypeOf(Sandbox.prototype)
      const start = core.spawn
      core.spawn = async function (...all) {
        setImmediate(() => { fiber.cancel() })
        return await ${masked ? 'uncancelable(() => start.apply(this, all))' : 'start.apply(this, all)'}
      }
      const fiber = spawn(() => new Sandbox({ read: systemPaths() }).run({ program: 'sleep', arguments: ['sleep', '1000'] }))
      await fiber.join().catch(error => { console.log(error.name) })
    `], { encoding: 'utf8', cwd: join(root, 'packages/sandbox') })
    expect([stdout, stderr]).deep.equal(['FiberCanceled\n', ''])
  })

  it('is sent any signal, and its init takes none for its own', async () => {
    for (const foundation of foundations) {
      const sandbox = new Sandbox({ read: system, foundation, limits: { seconds: 20 } })
      const start = (): Promise<Guest> => sandbox.spawn({ program: 'sleep', arguments: ['sleep', '1000'], environment })
      for (const signal of [constants.SIGALRM, constants.SIGABRT, constants.SIGPIPE, constants.SIGSEGV, 40, 63, 64]) {
        const guest = await start()
        guest.kill(signal)
        await guest.wait()
        expect(guest).include({ exitSignal: signal, limit: undefined })
      }
      const stopped = await start()
      stopped.kill(constants.SIGSTOP)
      stopped.kill(constants.SIGTERM)
      stopped.kill(constants.SIGCONT)
      await stopped.wait()
      expect(stopped).include({ exitSignal: constants.SIGTERM })
      for (const signal of [-1, 65]) expect(await failure(async () => { (await start()).kill(signal) })).include({ code: 'EINVAL', arg: 'signal' })
    }
    // Also when it does not go on, there is an end.
    const guest = await new Sandbox({ read: system, limits: { seconds: 0.2 } }).spawn({ program: 'sleep', arguments: ['sleep', '1000'], environment })
    guest.kill(constants.SIGSTOP)
    await guest.wait()
    expect(guest).include({ limit: 'seconds' })
  })

  inProcess('leaves nobody in its control group when its init is killed', async function () {
    if (!(await probe()).controlGroups.processes) return this.skip()
    const marker = `5${process.pid}${Date.now() % 100000}`
    const running = (): boolean => execFileSync('sh', ['-c', `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '`], { encoding: 'utf8' }).includes(`sleep ${marker}`)
    // Who asks not to be ended with its parent.
    const guest = await new Sandbox({ read: system, foundation: 'process', limits: { processes: 10 } }).spawn({
      program: 'perl',
      arguments: ['perl', '-e', `syscall(${process.arch === 'x64' ? 157 : 167}, 1, 0); exec 'setsid', 'sleep', '${marker}' unless fork; exec 'sleep', '${marker}'`],
      environment
    })
    while (!running()) await new Promise(resolve => setImmediate(resolve))
    process.kill(guest.pid!, 'SIGKILL')
    await guest.wait()
    while (running()) await new Promise(resolve => setImmediate(resolve))
  })

  it('ends with whoever made it, however that ends', async () => {
    const marker = `8${process.pid}${Date.now() % 100000}`
    const counted = await processesAreCounted()
    const file = join(scratch, 'program.lua')
    writeFileSync(file, `
      local sandbox = require 'sandbox'
      local guest = sandbox.new{ read = ${JSON.stringify(system).replace('[', '{').replace(']', '}')}${counted ? ', limits = { processes = 20 }' : ''} }:spawn{
        program = 'sh', arguments = {'sh', '-c', 'setsid sleep ${marker} & sleep ${marker}'}, environment = { PATH = '/usr/bin:/bin' }, stdout = 'share' }
      print 'runs'
      guest:wait()
    `)
    const running = (): boolean => execFileSync('sh', ['-c', `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '`], { encoding: 'utf8' }).includes(`sleep ${marker}`)
    const child = spawnInNode(join(root, 'emilua'), [file], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    while (!running()) await new Promise(resolve => setImmediate(resolve))
    const groups = (): string => execFileSync('sh', ['-c', `find /sys/fs/cgroup -type d -name 'emilua-${child.pid}-*' 2>/dev/null || :`], { encoding: 'utf8' })
    expect(groups() !== '').equal(counted && (preferred === 'process' || process.getuid!() === 0))
    child.kill('SIGKILL')
    await once(child, 'exit')
    while (running() || groups() !== '') await new Promise(resolve => setImmediate(resolve))
  })

  onNamespaces('says that the policy does not name what is not there', async () => {
    const run = (program: string, policy: Policy, workingDirectory?: string): Promise<EmiluaError> =>
      failure(() => new Sandbox(policy).run({ program, arguments: [program], environment, workingDirectory }))
    const hint = 'the policy has to name it, or a folder above; `systemPaths` gives the programs of the system and what they need'
    expect(await run('/bin/sh', {})).include({ code: 'ENOENT', path: '/bin/sh', message: `ENOENT: No such file or directory, execve '/bin/sh': ${hint}` })
    expect((await run('sh', { read: system }, scratch)).message).equal(`ENOENT: No such file or directory, chdir '${scratch}': ${hint}`)
    expect((await run('/usr/bin/no-such-program', { read: system })).message).equal("ENOENT: No such file or directory, execve '/usr/bin/no-such-program'")
    expect((await run('/bin/sh', { read: system, execute: ['/etc'] })).message).match(/^EACCES: .*: `policy\.execute` has to name it, or a folder above$/)
    const { message } = await failure(() => new Sandbox().spawn({ program: 'sh', cwd: '/' } as { program: string }))
    expect(message).match(/; is it 'workingDirectory' that is meant\?$/)
  })

  it('leaves no descriptor, process or control group', async () => {
    // Those of programs that other tests kill go later.
    const groups = (): string => execFileSync('sh', ['-c', `ls -d /sys/fs/cgroup/*/emilua-${process.pid}-* /sys/fs/cgroup/emilua-${process.pid}-* 2>/dev/null || :`], { encoding: 'utf8' })
    const sandbox = new Sandbox({ read: system, limits: { processes: 8 } })
    await sandbox.run({ program: 'true', arguments: ['true'], environment })
    const before = descriptors() + descriptorsAhead
    for (let i = 0; i < 20; i++) {
      const results = await Promise.all(Array.from({ length: 5 }, () => sandbox.run({ program: 'true', arguments: ['true'], environment })))
      expect(results.every(result => result.exitCode === 0)).equal(true)
      await failure(() => sandbox.run({ program: '/none', arguments: ['none'], environment }))
    }
    // What earlier tests left to the collector may go meanwhile.
    expect(descriptors()).most(before)
    globalThis.gc?.()
    for (let i = 0; i < 100 && groups() !== ''; i++) await new Promise(resolve => setImmediate(resolve))
    expect(groups()).equal('')
  })
})

describe('a guest', () => {
  const perl = (script: string, policy: Policy = {}): Promise<RunResult> =>
    new Sandbox({ read: system, ...policy }).run({ program: 'perl', arguments: ['perl', '-e', script], environment })
  const all: [string, Policy][] = [['on namespaces', { foundation: 'namespaces' }], ['in a process', { foundation: 'process' }]]

  for (const [where, policy] of all.filter(([, { foundation }]) => foundations.includes(foundation!))) {
    it(`sees no file, process or signal of the host, ${where}`, async () => {
      const { stdout } = await shell(`
        cat /etc/hostname /etc/passwd /proc/1/environ /proc/${process.pid}/environ /proc/1/root/etc/passwd 2>/dev/null || echo no files
        ls /proc/1/cwd/ /proc/1/fd/0 /proc/${process.pid}/root/ 2>/dev/null || echo no folders
        kill -0 ${process.pid} 2>/dev/null || echo no signals
        (: > /proc/self/exe) 2>/dev/null || echo not its own program
        (: > /proc/sys/kernel/core_pattern) 2>/dev/null || echo not the kernel
        (: > /usr/bin/emilua-was-here) 2>/dev/null || echo not the programs
        (: > /dev/shm/x) 2>/dev/null || echo no shared memory
        (: > /dev/tty) 2>/dev/null || echo no terminal
      `, policy)
      expect(stdout.toString().trim().split('\n')).deep.equal([
        'no files', 'no folders', 'no signals', 'not its own program', 'not the kernel', 'not the programs', 'no shared memory', 'no terminal'
      ])
    })

    it(`has no rights, ${where}`, async () => {
      const { stdout } = await shell('grep -E "^(Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):" /proc/self/status; ulimit -c', { ...policy, read: policy.foundation === 'process' ? [...system, '/proc'] : system })
      const lines = stdout.toString().trim().split('\n')
      expect(lines).include.members(['CapPrm:\t0000000000000000', 'CapEff:\t0000000000000000', 'CapAmb:\t0000000000000000', 'NoNewPrivs:\t1', 'Seccomp:\t2', '0'])
    })

    it(`gets nowhere by system calls, ${where}`, async () => {
      // x86-64 and arm64 differ in the numbers of old calls only.
      const old = process.arch === 'x64'
      const calls: Record<string, [number, ...(number | string)[]]> = {
        unshare: [old ? 272 : 97, 0x10000000],
        setns: [old ? 308 : 268, 0, 0],
        ptrace: [old ? 101 : 117, 16, 1, 0, 0],
        process_vm_readv: [old ? 310 : 270, 1, 0, 0, 0, 0, 0],
        pidfd_getfd: [438, 0, 0, 0],
        mount: [old ? 165 : 40, 0, '/', 0, 0x44000, 0],
        bpf: [old ? 321 : 280, 0, 0, 0],
        userfaultfd: [old ? 323 : 282, 1],
        perf_event_open: [old ? 298 : 241, 0, 0, -1, -1, 0],
        keyctl: [old ? 250 : 219, 0, -3, 0],
        open_by_handle_at: [old ? 304 : 265, -100, 0, 0],
        chroot: [old ? 161 : 51, '/'],
        clone_into_a_user_namespace: [old ? 56 : 220, 0x10000000, 0, 0, 0, 0],
        type_into_a_terminal: [old ? 16 : 29, 0, 0x5412, 'x'],
        type_with_upper_bits: [old ? 16 : 29, 0, 0x7_0000_5412, 'x'],
        make_a_device: [old ? 259 : 33, -100, '/dev/null2', 0o020666, 0x103],
        make_a_whiteout: [old ? 316 : 276, -100, '/a', -100, '/b', 4],
        netlink: [old ? 41 : 198, 16, 3, 0],
        packet: [old ? 41 : 198, 17, 3, 0],
        vsock: [old ? 41 : 198, 40, 1, 0],
        raw: [old ? 41 : 198, 2, 3, 1],
        sctp: [old ? 41 : 198, 2, 5, 132]
      }
      const script = Object.entries(calls).map(([name, [number, ...words]]) =>
        `{ local $! = 0; my $r = syscall(${number}, ${words.map(word => typeof word === 'number' ? word : `my $a${Math.random().toString(36).slice(2)} = ${JSON.stringify(word)}`).join(', ')}); print "${name} $r ", $!+0, "\\n"; }`).join('\n')
      const { stdout, stderr } = await perl(script, policy)
      expect(stderr.toString()).equal('')
      for (const line of stdout.toString().trim().split('\n')) expect(line).match(/ -1 1$/)
      expect(stdout.toString().trim().split('\n')).lengthOf(Object.keys(calls).length)
      const { stdout: ring } = await perl('my $r = syscall(425, 1, 0); print $!+0, " "; $r = syscall(435, 0, 0); print $!+0', policy)
      expect(ring.toString()).equal('38 38')
    })

    it(`reaches no network, ${where}`, async () => {
      const { createServer } = await import('node:net')
      const server = createServer().listen(0, '127.0.0.1')
      const abstract = createServer().listen(`\0emilua-${process.pid}`)
      await Promise.all([once(server, 'listening'), once(abstract, 'listening')])
      const { port } = server.address() as { port: number }
      const { stdout } = await perl(`
        use Socket;
        my ($s, $u, $x);
        socket($s, PF_INET, SOCK_STREAM, 0) && connect($s, sockaddr_in(${port}, inet_aton('127.0.0.1'))) and print "tcp\\n";
        socket($u, PF_INET, SOCK_DGRAM, 0) && send($u, 'x', 0, sockaddr_in(53, inet_aton('192.0.2.1'))) and print "udp\\n";
        socket($x, PF_UNIX, SOCK_STREAM, 0) && connect($x, pack('Sa*', 1, "\\0emilua-${process.pid}")) and print "unix\\n";
        print "done\\n";
      `, policy)
      server.close()
      abstract.close()
      expect(stdout.toString()).equal('done\n')
    })
  }

  it('has the network of the host if it may', async () => {
    const { createServer } = await import('node:net')
    const server = createServer(socket => socket.end('hello')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    for (const foundation of foundations) {
      const { stdout } = await perl(`
        use Socket;
        socket(my $s, PF_INET, SOCK_STREAM, 0); connect($s, sockaddr_in(${port}, inet_aton('127.0.0.1'))) or die; print <$s>;
      `, { network: 'host', foundation })
      expect(stdout.toString()).equal('hello')
    }
    server.close()
  })

  onBoth('ends at its limits, and the result says which', async () => {
    expect(await shell('sleep 100', { limits: { seconds: 0.1 } })).include({ limit: 'seconds', exitSignal: 9 })
    expect(await shell('sleep 100 & sleep 100 & wait', { limits: { seconds: 0.1 }, foundation: 'process' })).include({ limit: 'seconds' })
    expect(await shell('exec dd if=/dev/zero of=/tmp/x', { temporary: 1 << 20, limits: { fileSize: 1000 } })).include({ limit: 'file_size', exitSignal: 25 })
    const busy = await new Sandbox({ read: system, limits: { processor: 1 } }).run({ program: 'sh', arguments: ['sh', '-c', 'while :; do :; done'], environment })
    expect(busy).include({ limit: 'processor', exitSignal: 24 })
    // Whoever does not mind that signal.
    expect(await shell('trap "" XCPU; while :; do :; done', { limits: { processor: 1 } })).include({ limit: 'processor', exitSignal: 9 })
    expect((await shell('kill -9 $$', { limits: { processor: 1 } })).limit).equal(undefined)
    // Each process has a limit of its own.
    const others = await shell('sh -c "while :; do :; done" & sh -c "while :; do :; done" & wait; kill -9 $$', { limits: { processor: 1 } })
    expect(others).include({ limit: undefined, exitSignal: 9 })
    expect(others.processorTime).above(1.5)
    // The limit counts whole ticks, the time what was run.
    expect(busy.processorTime).within(0.3, 3)
    expect((await shell('ulimit -n; ulimit -v', { limits: { descriptors: 20, memory: 100 << 20 } })).stdout.toString()).equal(`20\n${100 << 10}\n`)
    expect((await perl('my $x = "x" x (1 << 28); print "got it"', { limits: { memory: 100 << 20 } })).stdout.toString()).equal('')
  }).timeout(30_000)

  it('cannot bring the machine down by forking', async () => {
    const { stdout, exitCode, limit } = await shell('n=0; while [ $n -lt 1000 ]; do sleep 100 & n=$((n+1)); echo $n; done', { limits: { processes: 10, seconds: 20 } })
    expect(stdout.toString().trim().split('\n').length).within(7, 10)
    // The kernel counts what it refuses to a control group.
    expect({ exitCode, limit }).deep.equal({ exitCode: 2, limit: await processesAreCounted() ? 'processes' : undefined })
    expect((await shell('sleep 0 & wait', { limits: { processes: 10 } })).limit).equal(undefined)
    // Who ends well has helped himself.
    expect((await shell('(sleep 1 & sleep 1 & sleep 1) 2>/dev/null; exit 0', { limits: { processes: 3 } }))).include({ exitCode: 0, limit: undefined })
  })

  onNamespaces('is the same for an ordinary user', () => {
    const list = `{${system.map(path => `'${path}'`).join(', ')}}`
    const source = `
      local sandbox = require 'sandbox'
      local box = sandbox.new{ read = ${list}, limits = { processes = 10, seconds = 20 } }
      local guest = box:spawn{ program = 'sh', arguments = {'sh', '-c', 'id -u; cat /etc/passwd || echo none'}, environment = { PATH = '/usr/bin:/bin' }, stdout = 'share' }
      guest:wait()
      print(box.foundation, guest.exit_code)
    `
    const prefix = process.getuid!() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
    const uid = process.getuid!() === 0 ? 65534 : process.getuid!()
    const folder = mkdtempSync(join(tmpdir(), 'emilua-'))
    execFileSync('chmod', ['755', folder])
    writeFileSync(join(folder, 'program.lua'), source)
    const words = [...prefix, join(root, 'native-core/build/release/emilua'), join(folder, 'program.lua')]
    const said = execFileSync(words[0]!, words.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    rmSync(folder, { recursive: true })
    expect(said).equal(`${uid}\nnone\nnamespaces\t0\n`)
  })
})
