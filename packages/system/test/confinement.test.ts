// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError } from '@emilua/errors'
import * as system from '@emilua/system'
import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { Worker } from 'node:worker_threads'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const environment = { PATH: process.env['PATH']! }

/** What a program prints that gives up rights for good, which is why it is another one. */
function elsewhere (program: string, ...wrapper: string[]): string {
  const begin = `import * as system from '${import.meta.resolve('@emilua/system')}'
    import { open } from '${import.meta.resolve('@emilua/filesystem')}'
    import { readFileSync, readdirSync } from 'node:fs'
    import { Worker } from 'node:worker_threads'
    const folder = '/proc/self/task'
    // Of each thread that there is, those of Node and a worker included.
    const threads = field => [...new Set(readdirSync(folder).map(id => readFileSync(folder + '/' + id + '/status', 'utf8').match(new RegExp('^' + field + ':\\\\s*(.*)', 'm'))[1]))].join()
    const failed = f => { try { f(); return 'done' } catch (error) { return [error.code, error.syscall, error.arg].join(' ') } }
    const start = text => new Worker(new URL('data:text/javascript,' + encodeURIComponent(text)))
    const worker = start('import { parentPort } from "node:worker_threads"; parentPort.on("message", () => {})')
    await new Promise(resolve => worker.once('online', resolve))
  `
  const [command = process.execPath, ...rest] = [...wrapper, process.execPath]
  return execFileSync(command, [...rest, '--input-type=module', '-e', `${begin}\n${program}\nprocess.exit(0)`], { encoding: 'utf8' })
}

function failure (f: () => unknown): EmiluaError {
  try {
    f()
  } catch (error) {
    return error as EmiluaError
  }
  throw new Error('nothing failed')
}

describe('LinuxCapabilities', () => {
  it('are sets that a text names', () => {
    const caps = system.capFromText('cap_kill,cap_chown=ep')
    expect([caps.getFlag('cap_kill', 'effective'), caps.getFlag('cap_kill', 'inheritable')]).deep.equal([true, false])
    const copy = caps.dup()
    caps.setFlag('effective', ['cap_kill', 'cap_chown'], false)
    caps.fill('inheritable', 'permitted')
    expect([String(caps), String(copy)]).deep.equal(['cap_chown,cap_kill=ip', 'cap_chown,cap_kill=ep'])
    copy.clear()
    expect(copy.getFlag('cap_kill', 'permitted')).equal(false)
  })

  it('name the one that does not exist', () => {
    expect(failure(() => { system.capInit().setFlag('effective', ['cap_kill', 'cap_fly'], true) })).include({ code: 'EINVAL', arg: 'caps[1]' })
    expect(failure(() => system.capFromText('cap_fly=ep'))).include({ code: 'EINVAL', arg: 'caps' })
    expect(failure(() => system.capGetBound('fly'))).include({ code: 'EINVAL', arg: 'cap' })
  })

  it('are given up by all threads', () => {
    const output = elsewhere(`
      system.capFromText('cap_kill=p').setProc()
      console.log(threads('CapPrm'), threads('CapEff'))
      console.log(failed(() => system.capFromText('cap_chown=p').setProc()))`, 'unshare', '-r')
    expect(output).equal('0000000000000020 0000000000000000\nEPERM capset \n')
  })

  it('are those of a child', async () => {
    const child = await system.spawn({ program: 'sleep', arguments: ['sleep', '1000'], signalOnGcreaper: 9 })
    expect(String(child.capGet())).equal(String(system.capGetProc()))
    await child[Symbol.asyncDispose]()
    expect(failure(() => child.capGet())).include({ code: 'ESRCH' })
  })

  it('are changed by the main thread only', async () => {
    const program = `import { parentPort } from 'node:worker_threads'
      import * as system from '${import.meta.resolve('@emilua/system')}'
      const calls = [() => system.capInit().setProc(), () => system.setNoNewPrivs(), () => system.capResetAmbient(),
        () => system.seccompSetModeFilter(new Uint8Array(8)), () => system.capSetSecbits(0), () => system.capDropBound('cap_kill')]
      parentPort.postMessage(calls.map(f => { try { f() } catch (error) { return error.code } }))`
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`))
    const codes = await new Promise<string[]>((resolve, reject) => { worker.once('message', resolve).once('error', reject) })
    expect(new Set(codes)).deep.equal(new Set(['ONLY_MASTER_VM']))
  })
})

describe('ids', () => {
  it('change for all threads', function () {
    // In CI what is missing fails, instead of being left out where nobody looks.
    if (process.getuid!() !== 0 && process.env['CI'] === undefined) this.skip()
    const output = elsewhere(`
      system.setgroups([7, 8])
      system.setresgid(-1, 9, -1)
      system.setresuid(-1, 12345, -1)
      console.log(threads('Groups').trim(), threads('Gid').replaceAll('\\t', ' '), threads('Uid').replaceAll('\\t', ' '))
      console.log(failed(() => system.setresuid(1, 1, 1)))`)
    expect(output).equal('7 8 0 9 0 9 0 12345 0 12345\nEPERM setresuid \n')
  })
})

describe('setNoNewPrivs', () => {
  it('is for all threads', () => {
    expect(elsewhere("console.log(threads('NoNewPrivs')); system.setNoNewPrivs(); console.log(threads('NoNewPrivs'))")).equal('0\n1\n')
  })
})

describe('seccomp', () => {
  it('filters the system calls of all threads', () => {
    const output = elsewhere(`
      system.setNoNewPrivs()
      const filter = system.seccomp.filter({ default: 'allow', errno: ['uname', { syscall: 'kill', when: [{ argument: 1, is: 'equal', value: 0n }] }], code: 38 })
      console.log(filter instanceof Uint8Array)
      system.seccompSetModeFilter(filter)
      console.log(threads('Seccomp'))
      console.log(failed(() => process.kill(process.pid, 0)), failed(() => process.kill(process.pid, 'SIGURG')))`)
    expect(output).equal('true\n2\nENOSYS kill  done\n')
  })

  it('confines a child alone', async () => {
    const filter = system.seccomp.filter({ default: 'allow', errno: ['mkdir', 'mkdirat'] })
    const { stderr, exitCode } = await system.run({
      program: 'mkdir', arguments: ['mkdir', '/tmp/emilua-never'], environment, setNoNewPrivs: true, seccompSetModeFilter: filter
    })
    expect([text(stderr).includes('not permitted'), exitCode]).deep.equal([true, 1])
    const { exitSignal } = await system.run({
      program: 'uname', environment, setNoNewPrivs: true, seccompSetModeFilter: system.seccomp.filter({ default: 'allow', killProcess: ['uname'] })
    })
    expect(exitSignal).equal(system.signal.SIGSYS)
  })

  it('says what is wrong with a filter', () => {
    const cases: [system.SeccompOptions, string][] = [
      [{ default: 'errno', allow: ['read', 'no_such_call'] }, 'opts.allow[1]'],
      [{ default: 'errno', allow: [{ syscall: 'read', when: [{ argument: 9, is: 'equal', value: 0 }] }] }, 'opts.allow[0].when[0].argument'],
      [{ default: 'allow', allow: ['read'] }, 'opts.allow[0]'],
      [{ default: 'allow', errno: ['write', 'read'], killProcess: ['read'] }, 'opts.killProcess[0]'],
      [{ default: 'allow', errno: [{ syscall: 'read', when: [{ argument: 0, is: 'equal', value: 1 }, { argument: 0, is: 'equal', value: 2 }] }] }, 'opts.errno[0]'],
      [{ default: 'allow', errno: ['read'], code: 0 }, 'opts.code'],
      [{ default: 'fly' as never }, 'opts.default'],
      [{ default: 'allow', kill_process: ['read'] } as never, 'opts.kill_process']
    ]
    for (const [opts, arg] of cases) expect(failure(() => system.seccomp.filter(opts))).include({ code: 'EINVAL', arg })
    expect(failure(() => { system.seccompSetModeFilter(new Uint8Array(9)) })).include({ code: 'EINVAL', arg: 'bpfFprogram' })
  })
})

describe('Landlock', () => {
  it('restricts all threads', () => {
    const output = elsewhere(`
      const rules = system.landlockCreateRuleset({ handledAccessFs: ['read_file', 'make_dir'] })
      const usr = await open('/usr', ['path', 'directory'])
      system.landlockAddRule(rules, 'path_beneath', { allowedAccess: ['read_file'], parentFd: usr })
      system.setNoNewPrivs()
      system.landlockRestrictSelf(rules)
      const tried = await Promise.allSettled(Array.from({ length: 20 }, () => open('/etc/passwd', ['read_only'])))
      console.log(new Set(tried.map(({ reason }) => reason?.code)))
      const asked = start('import { readFileSync } from "node:fs"; readFileSync("/etc/passwd")')
      console.log(await new Promise(resolve => asked.once('error', error => resolve(error.code))))
      ;(await open('/usr/bin/env', ['read_only'])).close()`)
    expect(output).equal("Set(1) { 'EACCES' }\nEACCES\n")
  })

  it('restricts a child alone', async () => {
    using rules = system.landlockCreateRuleset({ handledAccessFs: ['make_dir'] })
    const { exitCode } = await system.run({
      program: 'mkdir', arguments: ['mkdir', '/tmp/emilua-never'], environment, setNoNewPrivs: true, landlockRestrictSelf: rules
    })
    expect(exitCode).equal(1)
  })

  it('has rules for ports, from ABI 4 on', () => {
    const abi: number = system.landlockCreateRuleset(undefined, ['version'])
    if (abi < 4) {
      expect(failure(() => system.landlockCreateRuleset({ handledAccessNet: ['bind_tcp'] }))).include({ code: 'EINVAL', arg: 'attr.handledAccessNet' })
      return
    }
    const output = elsewhere(`
      import { createServer } from 'node:net'
      const rules = system.landlockCreateRuleset({ handledAccessNet: ['bind_tcp'] })
      system.landlockAddRule(rules, 'net_port', { allowedAccess: ['bind_tcp'], port: 0 })
      system.setNoNewPrivs()
      system.landlockRestrictSelf(rules)
      const listen = port => new Promise(resolve => { const server = createServer().on('error', error => resolve(error.code)).listen(port, '127.0.0.1', () => { server.close(); resolve('listens') }) })
      console.log(await listen(0), await listen(47111))`)
    expect(output).equal('listens EACCES\n')
  })

  it('names rights that nobody knows', () => {
    expect(failure(() => system.landlockCreateRuleset({ handledAccessFs: ['execute', 'fly' as never] }))).include({ code: 'EINVAL', arg: 'attr.handledAccessFs[1]' })
    expect(failure(() => system.landlockCreateRuleset({}))).include({ code: 'ENOMSG' })
  })
})

describe('getLdLibraryDirectories', () => {
  it('gives folders', () => {
    const folders = system.getLdLibraryDirectories()
    expect(folders.length).above(0)
    for (const folder of folders) {
      expect(folder.type).equal('directory')
      folder.close()
    }
  })
})
