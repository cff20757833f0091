// SPDX-License-Identifier: MIT OR BSL-1.0
// Each option of spawn, as the child sees it.
import { EmiluaError } from '@emilua/errors'
import { Path, open } from '@emilua/filesystem'
import { ptypair } from '@emilua/serial-port'
import * as system from '@emilua/system'
import { expect } from 'chai'
import { execFileSync, spawnSync } from 'node:child_process'

const environment = { PATH: process.env['PATH']! }
const asRoot = process.getuid!() === 0
// In CI what is missing fails, instead of being left out where nobody looks.
const mayBeSkipped = process.env['CI'] === undefined

type Options = Partial<system.RunOptions>
async function ask (script: string, opts: Options = {}): Promise<string> {
  const { stdout, stderr } = await system.run({ program: 'sh', arguments: ['sh', '-c', script], environment, ...opts })
  expect(new TextDecoder().decode(stderr)).equal('')
  return new TextDecoder().decode(stdout).trim()
}

/** Fields of /proc/self/status; without a shell, which would set ids that differ back. */
async function status (fields: string, opts: Options): Promise<string[]> {
  const output = await ask('', { ...opts, program: 'grep', arguments: ['grep', '-E', `^(${fields}):`, '/proc/self/status'] })
  return output.split('\n').map(line => line.replaceAll(/\s+/g, ' ').trim())
}

describe('a child', () => {
  it('has its ids and groups, which nobody else gets', async function () {
    if (!asRoot && mayBeSkipped) this.skip()
    expect(await status('Uid|Gid|Groups', { ruid: 12345, euid: 12346, rgid: 23456, egid: 23457, extraGroups: [34567, 45678] }))
      .deep.equal(['Uid: 12345 12346 12346 12346', 'Gid: 23456 23457 23457 23457', 'Groups: 34567 45678'])
    expect(await status('Uid|Gid|Groups', { ruid: -1, euid: 12346, extraGroups: [] })).deep.equal(['Uid: 0 12346 12346 12346', 'Gid: 0 0 0 0', 'Groups:'])
    expect([process.getuid!(), process.geteuid!(), process.getegid!()]).deep.equal([0, 0, 0])
  })

  it('has its scheduler', async function () {
    for (const [scheduler, expected] of [
      [{ policy: 'batch', resetOnFork: true }, 'SCHED_BATCH|SCHED_RESET_ON_FORK'], [{ policy: 'idle' }, 'SCHED_IDLE'], [{ policy: 'other' }, 'SCHED_OTHER']
    ] as const) expect(await ask('chrt -p $$ | head -1 | sed "s/.*: //"', { scheduler })).equal(expected)
    if (!asRoot && mayBeSkipped) this.skip()
    for (const policy of ['fifo', 'rr'] as const) {
      expect(await ask('chrt -p $$ | sed "s/.*: //"', { scheduler: { policy, priority: 7 } })).equal(`SCHED_${policy.toUpperCase()}\n7`)
    }
  })

  it('has its umask, folder, session and group', async () => {
    using usr = await open('/usr', ['path', 'directory'])
    expect(await ask('umask; pwd', { umask: 0o27, workingDirectory: '/' })).equal('0027\n/')
    expect(await ask('pwd', { workingDirectory: usr })).equal('/usr')
    expect(await ask('ps -o pid=,sid=,pgid= -p $$ | awk \'{ print ($1 == $2), ($1 == $3) }\'', { startNewSession: true })).equal('1 1')
    expect(await ask('ps -o pid=,sid=,pgid= -p $$ | awk \'{ print ($1 == $2), ($1 == $3) }\'', { processGroup: 0 })).equal('0 1')
    expect(await ask('ps -o pgid= -p $$', { processGroup: system.getpgrp() })).equal(String(system.getpgrp()))
  })

  it('has the terminal of its session', async () => {
    const [terminal, slave] = ptypair()
    using keyboard = terminal
    expect(await ask('ps -o tty=,tpgid=,pgid= -p $$ | awk \'{ print ($1 != "?"), ($2 == $3) }\'', { stdin: slave, startNewSession: true, setCtty: slave })).equal('1 1')
    slave.close()
    expect(keyboard.isOpen).equal(true)
    expect(await ask('ps -o tty= -p $$', { startNewSession: true })).equal('?')
  })

  it('has signals as they are at the start of a process, whatever this one does', async () => {
    const set = new system.signal.Set(system.signal.SIGUSR1)
    const nothing = (): void => {}
    process.on('SIGUSR2', nothing)
    expect(await status('SigBlk|SigIgn', {})).deep.equal(['SigBlk: 0000000000000000', 'SigIgn: 0000000000000000'])
    process.off('SIGUSR2', nothing)
    set.clear()
  })

  it('is in the namespaces of another one, the user\'s first', async function () {
    if (spawnSync('unshare', ['-Urmuin', 'true']).status !== 0 && mayBeSkipped) this.skip()
    await using holder = await system.spawn({
      program: 'unshare', arguments: ['unshare', '-Urmuin', 'sh', '-c', 'echo ready; exec sleep 1000'], environment, stdout: 'pipe', signalOnGcreaper: 9
    })
    await holder.stdout.readSome(new Uint8Array(10))
    const names = { user: 'setnsUser', mnt: 'setnsMount', uts: 'setnsUts', ipc: 'setnsIpc', net: 'setnsNet' }
    const spaces = await Promise.all(Object.entries(names).map(async ([name, option]) => [option, await open(`/proc/${holder.pid}/ns/${name}`, ['read_only'])] as const))
    const list = `readlink ${Object.keys(names).join(' ')}`
    const there = execFileSync('sh', ['-c', `cd /proc/${holder.pid}/ns && ${list}`], { encoding: 'utf8' })
    const here = execFileSync('sh', ['-c', `cd /proc/self/ns && ${list}`], { encoding: 'utf8' })
    expect(await ask(`cd /proc/self/ns && ${list}; id -u`, Object.fromEntries(spaces))).equal(`${there}0`)
    expect(there.split('\n').filter(name => name !== '' && here.includes(name))).deep.equal([])
    for (const [, fd] of spaces) fd.close()
  })

  it('has the descriptors it was given, by their numbers', async () => {
    const files = await Promise.all(['user', 'mnt', 'uts', 'ipc', 'net', 'pid', 'cgroup'].map(async name => ({ name, fd: await open(`/proc/self/ns/${name}`, ['read_only']) })))
    const names = 'cd /proc/self/fd && for n in 3 4 5 6 7 8 9; do readlink $n | sed "s/:.*//"; done'
    for (const given of [files, [...files].reverse(), [...files.slice(3), ...files.slice(0, 3)]]) {
      const extraFds = Object.fromEntries(given.map(({ fd }, i) => [i + 3, fd]))
      expect(await ask(names, { extraFds })).equal(given.map(({ name }) => name).join('\n'))
    }
    expect(await ask('ls /proc/self/fd | tr "\\n" " "', { extraFds: { 5: files[0]!.fd, 9: files[0]!.fd } })).equal('0 1 2 3 5 9')
    for (const { fd } of files) fd.close()
  })

  it('may do no more than it is allowed to', async () => {
    const limits: Options = { setNoNewPrivs: true, seccompSetModeFilter: system.seccomp.filter({ default: 'allow', errno: ['mkdir'] }) }
    expect(await status('NoNewPrivs|Seccomp', limits)).deep.equal(['NoNewPrivs: 1', 'Seccomp: 2'])
    expect(await status('NoNewPrivs|Seccomp', {})).deep.equal(['NoNewPrivs: 0', 'Seccomp: 0'])
  })

  it('is not there where its filter forbids the program, or everything', async () => {
    const failure = async (allow: string[], kind: 'errno' | 'kill_process', program: string): Promise<unknown[]> => {
      const filter = system.seccomp.filter({ default: kind, allow })
      const error = await system.spawn({ program: new Path(program), setNoNewPrivs: true, seccompSetModeFilter: filter }).then(() => undefined, (e: unknown) => e)
      expect(error).instanceOf(EmiluaError)
      const { code, syscall, arg } = error as EmiluaError
      return [code, syscall, arg]
    }
    expect(await failure(['exit_group'], 'errno', '/bin/true')).deep.equal(['EPERM', 'execve', 'opts.program'])
    expect(await failure(['exit_group', 'execve'], 'errno', '/nowhere')).deep.equal(['ENOENT', 'execve', 'opts.program'])
    const filters = 'opts.seccompSetModeFilter'
    expect(await failure([], 'errno', '/bin/true')).deep.equal(['EPERM', 'seccomp', filters])
    expect(await failure(['execve'], 'errno', '/nowhere')).deep.equal(['EPERM', 'seccomp', filters])
    expect(await failure(['exit_group', 'write'], 'kill_process', '/bin/true')).deep.equal(['EPERM', 'seccomp', filters])
  })

  it('shares no stream that this process has closed', () => {
    const program = `import { closeSync } from 'node:fs'
      import { spawn } from '${import.meta.resolve('@emilua/system')}'
      closeSync(1)
      await spawn({ program: 'true', stdout: 'inherit' }).catch(error => console.error(error.code, error.arg))`
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).stderr).equal('EBADF opts.stdout\n')
  })
})
