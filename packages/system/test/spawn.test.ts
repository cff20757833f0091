// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError } from '@emilua/errors'
import { Path, open } from '@emilua/filesystem'
import * as pipe from '@emilua/pipe'
import * as fibers from '@emilua/runtime'
import { writeAll } from '@emilua/stream'
import * as system from '@emilua/system'
import { expect } from 'chai'
import { execFileSync, spawn as spawnInNode, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'

const PATH = process.env['PATH']!
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const shell = (script: string) => ({ program: 'sh', arguments: ['sh', '-c', script], environment: { PATH } })
async function all (stream: AsyncIterable<Uint8Array>): Promise<string> {
  let result = ''
  for await (const chunk of stream) result += text(chunk)
  return result
}
const sleeper = { program: 'sleep', arguments: ['sleep', '1000'] }

async function failure (promise: Promise<unknown>): Promise<EmiluaError> {
  return promise.then(() => { throw new Error('nothing failed') }, (error: unknown) => error as EmiluaError)
}

/** Until no child of this process is left. */
async function childless (): Promise<void> {
  const children = () => execFileSync('sh', ['-c', `cat /proc/${process.pid}/task/*/children 2>/dev/null || :`], { encoding: 'utf8' })
    .trim().split(/\s+/).filter(pid => pid !== '' && existsSync(`/proc/${pid}/cmdline`))
  // The one that looks is a child, too.
  while (children().length > 1) await new Promise(resolve => setImmediate(resolve))
}

describe('spawn', () => {
  it('takes bytes of another realm', async () => {
    const input = runInNewContext('new Uint8Array([104, 105])') as Uint8Array
    expect(text((await system.run({ program: 'cat', arguments: ['cat'], environment: { PATH }, input })).stdout)).equal('hi')
  })

  it('gives the streams that are pipes', async () => {
    await using child = await system.spawn({ ...shell('read line; echo "got $line"; echo oops >&2'), stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' })
    expect(child.pid).above(0)
    await writeAll(child.stdin, 'this\n')
    child.stdin.close()
    expect(await all(child.stdout)).equal('got this\n')
    expect(await all(child.stderr)).equal('oops\n')
    await child.wait()
    expect([child.exitCode, child.exitSignal, child.pid]).deep.equal([0, undefined, undefined])
  })

  it('has types that say which there are', async () => {
    await using child = await system.spawn({ program: 'true', stdout: 'pipe', stderr: 'ignore' })
    const out: pipe.ReadStream = child.stdout
    const none: undefined = child.stderr
    expect([out instanceof pipe.ReadStream, none, child.stdin]).deep.equal([true, undefined, undefined])
    await child.wait()
  })

  it('takes the variables that are set', async () => {
    const { stdout } = await system.run({ program: 'env', environment: { ...system.environment, A: '1', B: undefined } })
    expect(text(stdout).split('\n')).include.members(['A=1', `PATH=${PATH}`])
    expect(text(stdout)).not.match(/^B=/m)
  })

  it('hands on the variables of this process as they are', async () => {
    const program = `import { environment, run } from '${import.meta.resolve('@emilua/system')}'
      const { stdout } = await run({ program: '/usr/bin/env', environment })
      process.stdout.write(stdout)`
    for (const variables of [{ A: '1', EMPTY: '', LONG: 'x'.repeat(5000), LINES: 'a\nb=c', UMLAUT: 'ä€😀' }, {}]) {
      const env = (of: NodeJS.ProcessEnv): string => execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', env: of })
      const expected = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`).join('')
      expect(env(variables)).equal(expected)
    }
  })

  it('refuses variables that a worker was given and no program can have', async () => {
    const program = `import { parentPort } from 'node:worker_threads'
      import { environment, spawn } from '${import.meta.resolve('@emilua/system')}'
      await spawn({ program: 'true', environment }).catch(error => { parentPort.postMessage(error.arg) })`
    for (const [env, arg] of [[{ A: 'x\0B=y' }, 'opts.environment.A'], [{ 'A=B': 'x' }, 'opts.environment']] as const) {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { env })
      expect(await new Promise((resolve, reject) => { worker.once('message', resolve).once('error', reject) })).equal(arg)
    }
  })

  it('ignores and inherits', async () => {
    const program = `import { spawn } from '${import.meta.resolve('@emilua/system')}'
      const child = await spawn({ program: 'sh', arguments: ['sh', '-c', 'echo heard; read x || echo nothing'], stdin: 'ignore', stdout: 'inherit' })
      await child.wait()`
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })).equal('heard\nnothing\n')
  })

  it('names the option at fault as TypeScript spells it', async () => {
    const tty = await open('/dev/null', ['read_only'])
    const cases: [object, string, string][] = [
      [{ program: 'no-such-program' }, 'opts.program', 'ENOENT'],
      [{ program: 'sh', setCtty: tty }, 'opts.setCtty', 'EINVAL'],
      [{ program: 'sh', startNewSession: true, setCtty: tty }, 'opts.setCtty', 'ENOTTY'],
      [{ program: 'sh', startNewSession: true, processGroup: 0 }, 'opts.processGroup', 'EINVAL'],
      [{ program: 'sh', workingDirectory: '/nowhere' }, 'opts.workingDirectory', 'ENOENT'],
      [{ program: 'sh', extraFds: { 12: tty } }, 'opts.extraFds[12]', 'EINVAL'],
      [{ program: 'sh', stdin: 'nothing' }, 'opts.stdin', 'EINVAL'],
      [{ program: 'sh', noSuchOption: 1 }, 'opts.noSuchOption', 'EINVAL'],
      [{ program: 'sh', timeout: 'long' }, 'opts.timeout', 'EINVAL'],
      [{ program: 'sh', timeout: 1, killSignal: 99 }, 'opts.killSignal', 'EINVAL'],
      [{ program: 'sh', signal: 9 }, 'opts.signal', 'EINVAL']
    ]
    for (const [opts, arg, code] of cases) {
      const error = await failure(system.spawn(opts as { program: string }))
      expect([error.arg, error.code]).deep.equal([arg, code])
    }
    tty.close()
  })

  it('names the file that it could not run, and the folder it could not enter', async () => {
    const missing = await failure(system.spawn({ program: 'no-such-program' }))
    expect(missing).include({ path: 'no-such-program', syscall: 'execve', message: "ENOENT: No such file or directory, execve 'no-such-program'" })
    expect(await failure(system.spawn({ program: new Path('/etc/passwd') }))).include({ code: 'EACCES', path: '/etc/passwd' })
    expect(await failure(system.spawn({ program: 'sh', workingDirectory: '/nowhere' }))).include({ path: '/nowhere', syscall: 'chdir' })
  })

  it('refuses half of a surrogate pair, which would become another name', async () => {
    for (const [opts, arg] of [
      [{ program: 'a\ud800' }, 'opts.program'], [{ program: 'true', arguments: ['true', '\udc00'] }, 'opts.arguments[1]'],
      [{ program: 'true', environment: { A: '\ud800x' } }, 'opts.environment.A'], [{ program: 'true', workingDirectory: '/\ud800' }, 'opts.workingDirectory']
    ] as const) {
      const error = await failure(system.spawn(opts as { program: string }))
      expect([error.arg, error.code]).deep.equal([arg, 'EINVAL'])
      expect(error.message).include('half of a surrogate pair')
    }
    expect(await failure(system.spawn({ program: 'true', environment: { 'A\ud800': 'x' } }))).include({
      arg: 'opts.environment["A\\ud800"]', message: 'opts.environment["A\\ud800"]: Expected a name of whole characters, not half of a surrogate pair'
    })
    const { stdout } = await system.run({ program: 'echo', arguments: ['echo', '\ufffd\ud83d\ude00'] })
    expect(text(stdout)).equal('\ufffd\ud83d\ude00\n')
  })

  it('says which words a stream may be, its own included', async () => {
    for (const name of ['stdin', 'stdout', 'stderr']) {
      const error = await failure(system.spawn({ program: 'sh', [name]: 'pip' }))
      expect([error.arg, error.code]).deep.equal([`opts.${name}`, 'EINVAL'])
      expect(error.message).include('\'pipe\'').include('\'inherit\'')
    }
  })

  it('lists all options there are where one does not exist', async () => {
    const ours = /^opts\.timeot: Expected one of the fields program, arguments, .*setnsNet, timeout, signal, killSignal; is it 'timeout' that is meant\?$/
    expect((await failure(system.spawn({ program: 'sh', timeot: 1 } as { program: string }))).message).match(ours)
    expect((await failure(system.run({ program: 'sh', timeot: 1 } as { program: string }))).message).match(/, killSignal, input, limit; is it 'timeout' that is meant\?$/)
    const inside = await failure(system.spawn({ program: 'sh', scheduler: { polcy: 'idle' } } as { program: string }))
    expect(inside.message).equal('opts.scheduler.polcy: Expected one of the fields policy, priority, resetOnFork; is it \'policy\' that is meant?')
    const child = await system.spawn({ program: 'true', timeot: undefined } as { program: string })
    await child.wait()
  })

  it('says what the call should have been', async () => {
    const [reader] = pipe.pair()
    const cases: [unknown, string | RegExp][] = [
      ['ls', "opts: Expected an object such as { program: 'ls', arguments: ['ls', '-l'] }, not \"ls\""],
      [['ls', '-l'], "opts: Expected an object such as { program: 'ls', arguments: ['ls', '-l'] }, not an array"],
      [{ command: 'ls' }, /^opts\.command: .*; is it 'program' that is meant\?$/],
      [{ program: 'ls', args: ['ls'] }, /^opts\.args: .*; is it 'arguments' that is meant\?$/],
      [{ program: 'ls', env: {} }, /^opts\.env: .*; is it 'environment' that is meant\?$/],
      [{ program: 'ls', cwd: '/' }, /^opts\.cwd: .*; is it 'workingDirectory' that is meant\?$/],
      [{ program: 'ls', detached: true }, /^opts\.detached: .*; is it 'startNewSession' that is meant\?$/],
      [{ program: 'ls', killSingal: 9 }, /^opts\.killSingal: .*; is it 'killSignal' that is meant\?$/],
      [{ program: 'ls', arguments: [] }, 'opts.arguments: Expected the name of the program as the first, not an empty list'],
      [{ program: 'ls', arguments: ['-l'] }, 'opts.arguments: Expected the name of the program as the first, not -l'],
      [{ program: 'ls', arguments: ['--all'] }, 'opts.arguments: Expected the name of the program as the first, not --all'],
      [{ program: 'ls', timeout: '5' }, /not "5"$/], [{ program: 'ls', signal: 9 }, /not 9$/], [{ program: 'ls', timeout: 1, killSignal: 'x' }, /not "x"$/],
      [{ program: 'ls', stdin: 'pip' }, /or a FileDescriptor, not "pip"$/], [{ program: 'ls', stdin: reader }, /^opts.stdin: Expected 'pipe', .* or a FileDescriptor, not a ReadStream: its release\(\) gives one$/], [{ program: 'ls', environment: ['A=1'] }, /not an array$/]
    ]
    for (const [opts, expected] of cases) {
      for (const call of [system.spawn, system.run] as ((opts: unknown) => Promise<unknown>)[]) {
        const { message } = await failure(call(opts))
        if (typeof expected === 'string') expect(message).equal(expected)
        else expect(message.replace(/, input, limit/, '')).match(expected)
      }
    }
    expect((await failure(system.run({ program: 'cat', input: 5 as never }))).message).match(/not 5$/)
    expect((await failure(system.run({ program: 'cat', limit: 'x' as never }))).message).match(/not "x"$/)
    // As login(1) starts a shell.
    expect((await system.run({ program: 'sh', arguments: ['-sh', '-c', 'exit 3'] })).exitCode).equal(3)
  })

  it('refuses words that do not begin with the name of the program', async () => {
    const named = (program: system.RunOptions['program'], ...words: string[]): Promise<system.RunResult> => system.run({ program, arguments: words, environment: { PATH } })
    for (const [program, name] of [['ls', 'ls'], ['/bin/ls', 'ls'], [new Path('/bin/ls'), 'ls'], [new URL('file:///bin/ls'), 'ls']] as const) {
      const error = await failure(named(program, '/x'))
      expect(error).include({ code: 'EINVAL', arg: 'opts.arguments', message: `opts.arguments: Expected the name of the program as the first, "${name}", not "/x"` })
    }
    expect((await failure(named('ls', 'ls-l'))).message).match(/"ls", not "ls-l"$/)
    for (const [program, name] of [['/bin/sh', 'sh'], ['sh', '/bin/sh'], [new Path('/bin/sh'), '/bin/sh'], [new URL('file:///bin/sh'), 'sh'], ['sh', '-sh']] as const) {
      expect((await named(program, name, '-c', 'exit 3')).exitCode).equal(3)
    }
    // What may have any name, as execve(2) has it, is spawn's.
    const child = await system.spawn({ program: 'sh', arguments: ['other', '-c', 'exit 3'], environment: { PATH } })
    await child.wait()
    expect(child.exitCode).equal(3)
  })

  it('says of options of other systems that they are not available', async () => {
    for (const name of ['pdDaemon', 'showWindow', 'createBreakawayFromJob', 'createNewConsole', 'createNoWindow', 'detachedProcess']) {
      const error = await failure(system.spawn({ program: 'sh', [name]: true }))
      expect([error.arg, error.code]).deep.equal([`opts.${name}`, 'NOT_AVAILABLE'])
    }
    expect((await failure(system.spawn({ program: 'sh', pd_daemon: true } as { program: string }))).code).equal('EINVAL')
  })

  it('blames the number of a descriptor, where that is wrong', async () => {
    using fd = await open('/dev/null', ['read_only'])
    for (const number of [2, 10]) {
      const error = await failure(system.spawn({ program: 'sh', extraFds: { [number]: fd } }))
      expect(error.message).equal(`opts.extraFds[${number}]: Expected one of the fields 3 to 9`)
    }
    const error = await failure(system.spawn({ program: 'sh', extraFds: new Map([[3, fd]]) as never }))
    expect([error.arg, error.code]).deep.equal(['opts.extraFds', 'EINVAL'])
  })

  it('sends pdeathsig when the process or the worker that spawned the child ends', async () => {
    const program = `import { spawn } from '${import.meta.resolve('@emilua/system')}'
      const script = 'trap "echo heard; exit" USR1; echo ready >&2; while :; do sleep 0.01; done'
      const child = await spawn({
        program: 'sh', arguments: ['sh', '-c', script], environment: { PATH: '${PATH}' }, stdout: 'inherit', stderr: 'pipe',
        pdeathsig: 10, signalOnGcreaper: 0
      })
      await child.stderr.readSome(new Uint8Array(10))`
    const killed = `${program}\nprocess.kill(process.pid, 'SIGKILL')`
    const ended = `import { Worker } from 'node:worker_threads'
      const worker = new Worker(new URL('data:text/javascript,' + ${JSON.stringify(encodeURIComponent(`${program}\nprocess.exit()`))}))`
    for (const parent of [killed, ended]) {
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', parent], { encoding: 'utf8' })
      expect(stdout).equal('heard\n')
    }
  })

  it('takes no list and no Map for an environment, which would have no names', async () => {
    for (const environment of [['A=1'], new Map([['A', '1']]), 'A=1', 1]) {
      const error = await failure(system.spawn({ program: 'true', environment } as unknown as { program: string }))
      expect([error.arg, error.code]).deep.equal(['opts.environment', 'EINVAL'])
    }
  })

  it('names the variable whose value cannot be', async () => {
    const error = await failure(system.spawn({ program: 'true', environment: { A: 'x', B: 'x\0' } }))
    expect([error.arg, error.code]).deep.equal(['opts.environment.B', 'EINVAL'])
    expect(error.message).match(/^opts\.environment\.B: Expected a value without NUL/)
  })

  it('names both of two options that contradict each other, before anything starts', async () => {
    const tty = await open('/dev/null', ['read_only'])
    const cases: [object, string, string][] = [
      [{ setCtty: tty }, 'opts.setCtty', '`startNewSession` with it'],
      [{ startNewSession: true, setCtty: tty, foreground: tty }, 'opts.foreground', 'no `setCtty` with it'],
      [{ foreground: tty }, 'opts.foreground', '`processGroup` with it'],
      [{ startNewSession: true, processGroup: 0 }, 'opts.processGroup', 'no `startNewSession` with it, which makes a group'],
      [{ processGroup: 0, foreground: 'stdin' }, 'opts.foreground', '`stdin` to be "share" with it'],
      [{ scheduler: { resetOnFork: true } }, 'opts.scheduler.resetOnFork', '`scheduler.policy` with it'],
      [{ scheduler: { priority: 1 } }, 'opts.scheduler.priority', '`scheduler.policy` with it'],
      [{ scheduler: { policy: 'fifo' } }, 'opts.scheduler.policy', '`scheduler.priority` with a policy of real time'],
      [{ scheduler: { policy: 'batch', priority: 1 } }, 'opts.scheduler.priority', 'a `scheduler.policy` of real time with it'],
      [{ environment: { A: '\0pid', B: '\0pid' } }, 'opts.environment', 'one variable to be the process id, not both A and B']
    ]
    for (const [opts, arg, expected] of cases) {
      const error = await failure(system.spawn({ program: 'no-such-program', ...opts } as { program: string }))
      expect([error.arg, error.code, error.message]).deep.equal([arg, 'EINVAL', `${arg}: Expected ${expected}`])
    }
    tty.close()
  })

  it('finds paths relative to its working directory', async () => {
    const { stdout } = await system.run({ program: new Path('./sh'), arguments: ['sh', '-c', 'pwd'], workingDirectory: '/bin/' })
    expect(text(stdout)).match(/bin\n$/)
  })

  it('leaves nothing when it fails', async () => {
    const before = readdirSync('/proc/self/fd').length
    for (let i = 0; i < 50; i++) {
      await failure(system.spawn({ program: 'no-such-program', stdin: 'pipe', stdout: 'pipe', stderr: 'ignore' }))
    }
    expect(readdirSync('/proc/self/fd').length).most(before)
    await childless()
  })

  it('is not there when it was canceled before', async () => {
    const fiber = fibers.spawn(() => system.spawn(sleeper))
    fiber.cancel()
    await failure(fiber.join())
    const reason = new Error('no')
    expect(await failure(system.spawn({ ...sleeper, signal: AbortSignal.abort(reason) }))).equal(reason)
    await childless()
  })

  it('ends with await using', async () => {
    let pid: number
    {
      await using child = await system.spawn({ ...sleeper, stdin: 'pipe' })
      pid = child.pid!
    }
    expect(existsSync(`/proc/${pid}`)).equal(false)
    const child = await system.spawn({ ...sleeper, signalOnGcreaper: system.signal.SIGUSR1 })
    await child[Symbol.asyncDispose]()
    expect(child.exitSignal).equal(system.signal.SIGUSR1)
    await child[Symbol.asyncDispose]()
  })

  it('ends when its time is up, or a signal is aborted', async () => {
    const late = await system.spawn({ ...sleeper, timeout: 0.01, killSignal: system.signal.SIGKILL })
    await late.wait()
    expect(late.exitSignal).equal(system.signal.SIGKILL)
    const controller = new AbortController()
    const child = await system.spawn({ ...sleeper, signal: controller.signal })
    const waiting = child.wait()
    controller.abort()
    await waiting
    expect(child.exitSignal).equal(system.signal.SIGTERM)
    const quick = await system.spawn({ program: 'true', timeout: 1000 })
    await quick.wait()
    expect(quick.exitCode).equal(0)
  })

  it('can be waited for by several, of whom some give up', async () => {
    const child = await system.spawn(sleeper)
    const canceled = fibers.spawn(() => child.wait())
    const waits = [child.wait(), child.wait()]
    await canceled[Symbol.asyncDispose]()
    expect(() => child.exitCode).throw(EmiluaError)
    child.kill(9)
    await Promise.all(waits)
    expect(child.exitCode).equal(137)
    expect(() => { child.kill(0) }).throw(EmiluaError).with.property('code', 'ESRCH')
  })

  it('survives hundreds at once', async () => {
    const before = readdirSync('/proc/self/fd').length
    const codes = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
      const child = i % 3 === 0 ? await system.spawn(sleeper) : await system.spawn(shell(`exit ${i % 100}`))
      if (i % 3 === 0) child.kill(9)
      await child.wait()
      return child.exitCode === (i % 3 === 0 ? 137 : i % 100)
    }))
    expect(codes.every(Boolean)).equal(true)
    await childless()
    expect(readdirSync('/proc/self/fd').length).most(before)
  })

  it('works in a worker, whose end is that of its children', async () => {
    const program = `import { parentPort } from 'node:worker_threads'
      import { spawn } from '${import.meta.resolve('@emilua/system')}'
      const child = await spawn({ program: 'sleep', arguments: ['sleep', '1000'] })
      parentPort.postMessage(child.pid)
      await child.wait()`
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`))
    const pid = await new Promise<number>((resolve, reject) => { worker.once('message', resolve).once('error', reject) })
    expect(existsSync(`/proc/${pid}`)).equal(true)
    await worker.terminate()
    await childless()
  })

  it('does not outlive the process', () => {
    const program = `import { spawn } from '${import.meta.resolve('@emilua/system')}'
      const child = await spawn({ program: 'sleep', arguments: ['sleep', '1000'] })
      console.log(child.pid)`
    for (const end of ['', 'process.exit(0)']) {
      const pid = execFileSync(process.execPath, ['--input-type=module', '-e', `${program}\n${end}`], { encoding: 'utf8' })
      expect(existsSync(`/proc/${pid.trim()}`)).equal(false)
    }
  })

  it('is not waited for by a forced end, nor told of it', () => {
    const program = `import { exit, spawn } from '${import.meta.resolve('@emilua/system')}'
      const child = await spawn({ program: 'sleep', arguments: ['sleep', '1000'] })
      console.log(child.pid)
      exit(3, { force: 2 })`
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    expect(status).equal(3)
    process.kill(Number(stdout), 'SIGKILL')
  })

  it('does not keep an ending process from being ended', async () => {
    const program = `import { spawn } from '${import.meta.resolve('@emilua/system')}'
      process.on('SIGTERM', () => {})
      const stubborn = "process.on('SIGTERM', () => console.log('not yet')); console.log('begun'); setInterval(() => {}, 1000)"
      const child = await spawn({ program: process.execPath, arguments: ['node', '-e', stubborn], stdout: 'inherit' })
      process.on('exit', () => console.log(child.pid))
      process.stdin.once('data', () => process.exit(0))`
    const parent = spawnInNode(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = new Promise(resolve => { parent.on('exit', (_code, signal) => { resolve(signal) }) })
    let output = ''
    for await (const chunk of parent.stdout.setEncoding('utf8')) {
      output += chunk
      if (chunk.includes('begun')) parent.stdin.write('end')
      if (!chunk.includes('not yet')) continue
      parent.kill('SIGTERM')
      break
    }
    expect(await ended).equal('SIGTERM')
    process.kill(Number(/^\d+$/m.exec(output)![0]), 'SIGKILL')
  })

  it('is no affair of child_process, nor the other way round', async () => {
    const child = await system.spawn(shell('exit 3'))
    execFileSync('true')
    await child.wait()
    expect(child.exitCode).equal(3)
  })
})

describe('run', () => {
  it('gives output and status', async () => {
    const result = await system.run({ ...shell('cat; echo oops >&2; exit 5'), input: 'in\n' })
    expect([text(result.stdout), text(result.stderr), result.exitCode, result.truncated]).deep.equal(['in\n', 'oops\n', 5, false])
  })

  it('feeds and reads at the same time', async () => {
    const input = new Uint8Array(3_000_000).fill(65)
    const { stdout } = await system.run({ program: 'cat', arguments: ['cat'], input, limit: Infinity })
    expect(stdout.length).equal(input.length)
  })

  it('keeps no more than its limit', async () => {
    const { stdout, truncated, exitCode } = await system.run({ ...shell('yes | head -c 1000000'), limit: 1001 })
    expect([stdout.length, truncated, exitCode]).deep.equal([1001, true, 0])
  })

  it('does not mind a program that reads nothing', async () => {
    expect((await system.run({ program: 'true', input: new Uint8Array(1_000_000) })).exitCode).equal(0)
  })

  it('is over in time, whoever holds the pipes', async () => {
    const result = await system.run({ ...shell('echo begun; sleep 1000 & echo $!; wait'), timeout: 1 })
    const [begun, grandchild] = text(result.stdout).split('\n')
    process.kill(Number(grandchild))
    expect([begun, result.exitSignal, result.timedOut]).deep.equal(['begun', system.signal.SIGTERM, true])
    const orphaned = await system.run({ ...shell('sleep 1000 & echo $!'), timeout: 1 })
    process.kill(Number(text(orphaned.stdout)))
    expect([orphaned.exitCode, orphaned.timedOut]).deep.equal([0, false])
  })

  it('does not seem to clean up in a fiber that was canceled when it had started', () => {
    // Before anybody listens to it, and after that.
    for (const later of ['process.nextTick', 'setImmediate']) {
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `
        import { spawn } from '@emilua/runtime'
        import { run } from '@emilua/system'
        const fiber = spawn(() => {
          ${later}(() => { fiber.cancel() })
          return run({ program: 'sleep', arguments: ['sleep', '1000'], environment: { PATH: '${PATH}' } })
        })
        await fiber.join().catch(error => { console.log(error.name) })`], { encoding: 'utf8', cwd: new URL('.', import.meta.url) })
      expect({ stdout, stderr }, later).deep.equal({ stdout: 'FiberCanceled\n', stderr: '' })
    }
  })

  it('ends its program when it is canceled or aborted', async () => {
    const controller = new AbortController()
    const aborted = failure(system.run({ ...sleeper, signal: controller.signal }))
    setImmediate(() => { controller.abort(new Error('enough')) })
    expect((await aborted).message).equal('enough')
    const fiber = fibers.spawn(() => system.run(sleeper))
    await new Promise(resolve => setImmediate(resolve))
    await fiber[Symbol.asyncDispose]()
    await childless()
  })
})

describe('ids', () => {
  it('are those of the process', () => {
    expect(system.getresuid()).deep.equal({ ruid: process.getuid!(), euid: process.geteuid!(), suid: process.geteuid!() })
    expect(system.getresgid().rgid).equal(process.getgid!())
    expect(system.getgroups()).include.members(process.getgroups!().filter(id => id !== process.getegid!()))
    expect(system.getpgid(0)).equal(system.getpgrp())
    expect(system.getsid(process.pid)).equal(system.getsid(0))
    system.setresuid(-1, -1, -1)
    expect(() => { system.getsid(-5) }).throw(EmiluaError).with.property('code', 'ESRCH')
    expect(system.getLowfd(9)).equal(undefined)
  })
})
