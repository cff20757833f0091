// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Runs the lines as an ES module in a process of its own. */
function run (...lines: string[]): { code: number | null, out: string, err: string } {
  const program = ["import { ConditionVariable, Future, Mutex, scope, scopeCleanupPush, spawn, thisFiber } from '@emilua/runtime'",
    "import { endMainFiber, suspend } from '@emilua/native/fiber'",
    'const turn = () => new Promise(resolve => setImmediate(resolve))', ...lines]
  const result = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', program.join(';\n')], { cwd: here, encoding: 'utf8', timeout: 9000 })
  return { code: result.status, out: result.stdout, err: result.stderr }
}

describe('the process', function () {
  this.timeout(20_000)

  it('reports a failure of a detached fiber at once, then runs its handlers, and goes on (B052, B053)', () => {
    const { code, out, err } = run(
      "spawn(async () => { scopeCleanupPush(() => { process.stderr.write('handler\\n') }); throw new Error('boom') }).detach()",
      'await turn()', "console.log('goes on')")
    expect(err).to.match(/^Fiber 0x[0-9a-f]+ panicked: 'boom'\n(?: {4}at .*\n)+handler\n$/)
    expect(out).to.equal('goes on\n')
    expect(code).to.equal(0)
  })

  it('reports a failure when the ended fiber is detached, once', () => {
    const { code, err } = run("const fiber = spawn(() => { throw 'text' })", 'await turn()', "console.error('before')", 'fiber.detach()', "console.error('after')")
    expect(err).to.match(/^before\nFiber 0x[0-9a-f]+ panicked: 'text'\nafter\n$/)
    expect(code).to.equal(0)
  })

  it('reports a failure nobody joined when the handle is collected (B017, B054)', () => {
    const { code, err } = run("(() => { spawn(() => { throw new Error('lost') }) })()",
      'for (let i = 0; i < 20; i++) { await turn(); gc() }', "console.error('later')")
    expect(err).to.match(/^Fiber 0x[0-9a-f]+ panicked: 'lost'\n(?: {4}at .*\n)+later\n$/)
    expect(code).to.equal(0)
  })

  it('reports a failure nobody joined at exit, and a joined one never', () => {
    const { code, err } = run("globalThis.kept = spawn(() => { throw new Error('kept') })",
      "await spawn(() => { throw new Error('joined') }).join().catch(() => {})", "console.error('last line')")
    expect(err).to.match(/^last line\nFiber 0x[0-9a-f]+ panicked: 'kept'\n/)
    expect(err).to.not.include('joined')
    expect(code).to.equal(0)
  })

  it('is silent about canceled fibers (B023)', () => {
    const { code, out, err } = run('const forever = () => suspend(undefined, () => {})',
      'const fiber = spawn(forever)', 'await turn()', 'fiber.cancel()', 'fiber.detach()', 'await turn()', 'console.log(fiber.cancellationCaught)')
    expect({ code, out, err }).to.deep.equal({ code: 0, out: 'true\n', err: '' })
  })

  it('does not cancel a fiber whose handle is collected (B006)', () => {
    const { out } = run("(() => { spawn(async () => { await thisFiber.yield(); console.log('not canceled') }) })()",
      'gc()', 'await turn()', 'gc()', 'await turn()', "console.log('end')")
    expect(out).to.equal('not canceled\nend\n')
  })

  it('ends with 1 when the main fiber fails (B051)', () => {
    const { code, out, err } = run('spawn(async () => { for (let i = 0; i < 1e9; i++) await thisFiber.yield() }).detach()', "console.log('about to fail')", "throw new Error('only on stderr')")
    expect(code).to.equal(1)
    expect(out).to.equal('about to fail\n')
    expect(err).to.include('only on stderr')
  })

  it('is ended by a cleanup handler that fails (B046)', () => {
    for (const program of ["await scope(() => { scopeCleanupPush(() => { throw new Error('bad handler') }) })",
      "await spawn(() => { scopeCleanupPush(async () => { throw new Error('bad handler') }) }).join().catch(() => {})"]) {
      const { code, out, err } = run(program, "console.log('unreachable')")
      expect(out).to.equal('')
      expect(err).to.match(/panicked: 'bad handler'/)
      expect(err).to.include('cleanup handler')
      expect(code).to.equal(1)
    }
  })

  it('lives while a fiber waits for an operation (B016)', () => {
    const { code, out } = run('const wait = () => suspend(undefined, settle => { setTimeout(() => settle.resolve(), 20) })',
      "spawn(async () => { await wait(); console.log('done') }).detach()")
    expect({ code, out }).to.deep.equal({ code: 0, out: 'done\n' })
  })

  it('does not live for fibers parked for ever: it lists them and ends with 1', () => {
    const { code, out, err } = run('const mutex = new Mutex()', 'await mutex.lock()', 'const changed = new ConditionVariable()',
      'const { future } = Future.create()',
      'const target = spawn(() => mutex.lock())', 'spawn(() => target.join())', 'spawn(() => future.get()).detach()',
      'const foreign = spawn(() => new Promise(() => {}))', 'spawn(() => foreign.join())',
      'const other = new Mutex()', 'spawn(async () => { await other.lock(); await changed.wait(other) })',
      "process.on('exit', code => console.log('exit', process.exitCode))")
    expect(err.replace(/0x[0-9a-f]+/g, 'ID').split('\n')).to.have.members(['Fiber ID still waits for a mutex', 'Fiber ID still waits for a future',
      'Fiber ID still waits for fiber ID', 'Fiber ID still waits for a condition variable', ''])
    expect(code).to.equal(1)
    expect(out).to.equal('exit 1\n')
  })

  it('lists the main fiber, too', () => {
    const { code, err } = run('const mutex = new Mutex()', 'await mutex.lock()', 'await spawn(() => mutex.lock()).join()')
    expect(err).to.match(/^Main fiber still waits for fiber (0x[0-9a-f]+)\nFiber \1 still waits for a mutex\n/m)
    expect(code).to.equal(1)
  })

  it('lists nothing when the program ends itself', () => {
    const { code, err } = run('const mutex = new Mutex()', 'await mutex.lock()', 'spawn(() => mutex.lock()).detach()', 'await turn()', 'process.exit(0)')
    expect({ code, err }).to.deep.equal({ code: 0, err: '' })
  })

  it('does not list a fiber whose operation was made not to keep the process alive', () => {
    const { code, err } = run('spawn(() => suspend(undefined, settle => { setTimeout(settle.resolve, 60_000).unref() })).detach()', 'await turn()')
    expect({ code, err }).to.deep.equal({ code: 0, err: '' })
  })

  it('runs the handlers of the main fiber at the end', () => {
    const { code, out } = run("scopeCleanupPush(async () => { await turn(); console.log('handler') })", "setTimeout(() => console.log('timer'), 5)")
    expect({ code, out }).to.deep.equal({ code: 0, out: 'timer\nhandler\n' })
  })

  it('runs them before, if the launcher tells where the top level ends', () => {
    const good = run("scopeCleanupPush(() => { console.log('handler') })", 'await endMainFiber()', "console.log('after')")
    expect({ code: good.code, out: good.out }).to.deep.equal({ code: 0, out: 'handler\nafter\n' })
    const bad = run("scopeCleanupPush(() => { console.error('handler') })", "await endMainFiber({ error: new Error('failed') })", "console.log('after')")
    expect(bad.err).to.match(/^Main fiber from VM 0x[0-9a-f]+ panicked: 'failed'\n(?: {4}at .*\n)+handler\n$/)
    expect({ code: bad.code, out: bad.out }).to.deep.equal({ code: 1, out: '' })
  })

  it('may be ended by a cleanup handler', () => {
    const { code, out, err } = run("await scope(() => { scopeCleanupPush(() => { console.log('exit'); process.exit(3) }) })", "console.log('unreachable')")
    expect({ code, out, err }).to.deep.equal({ code: 3, out: 'exit\n', err: '' })
  })

  it('has fibers in each of its threads', () => {
    const worker = "import { parentPort } from 'node:worker_threads'; import { Mutex, spawn, thisFiber } from '@emilua/runtime';" +
      "parentPort.postMessage(await spawn(async () => { await thisFiber.yield(); return 'from a worker' }).join());" +
      'const mutex = new Mutex(); await mutex.lock(); spawn(() => mutex.lock()).detach()'
    const { code, out, err } = run("import { Worker } from 'node:worker_threads'",
      `const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker.replaceAll('@emilua/runtime', new URL('../dist/index.js', import.meta.url).href))})))`,
      "worker.on('message', message => { console.log(message) })", "const [status] = await new Promise(resolve => worker.on('exit', (...args) => resolve(args)))", 'console.log(status)')
    expect(err).to.match(/^Fiber 0x[0-9a-f]+ still waits for a mutex\n$/)
    expect({ code, out }).to.deep.equal({ code: 0, out: 'from a worker\n1\n' })
  })

  it('refuses a second runtime', () => {
    const { out } = run("import { installFiberHook } from '@emilua/native/fiber'", 'try { installFiberHook({}) } catch (error) { console.log(error.message) }')
    expect(out).to.equal('two copies of @emilua/runtime are loaded in this process\n')
  })
})
