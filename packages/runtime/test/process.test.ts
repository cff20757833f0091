// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const here = fileURLToPath(new URL('.', import.meta.url))
const mocha = join(dirname(createRequire(import.meta.url).resolve('mocha/package.json')), 'bin/mocha.js')

/** Runs the lines as an ES module in a process of its own. */
function run (...lines: string[]): { code: number | null, out: string, err: string } {
  return runWith({}, ...lines)
}

function runWith (env: NodeJS.ProcessEnv, ...lines: string[]): { code: number | null, out: string, err: string } {
  const program = ["import { ConditionVariable, Future, Mutex, onPanic, scope, scopeCleanupPush, setPanicMode, spawn, taskGroup, thisFiber, uncancelable } from '@emilua/runtime'",
    "import { endMainFiber, suspend } from '@emilua/native/fiber'",
    'const turn = () => new Promise(resolve => setImmediate(resolve))',
    "const fail = (text = 'boom') => () => { throw new Error(text) }", ...lines]
  const result = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', program.join(';\n')],
    { cwd: here, encoding: 'utf8', timeout: 50_000, env: { ...process.env, ...env } })
  return { code: result.status, out: result.stdout, err: result.stderr }
}

describe('a failure of a fiber', function () {
  this.timeout(60_000)

  it('of a detached one is reported at once, then its handlers run, and the program goes on (B052, B053)', () => {
    const { code, out, err } = run(
      "spawn(async () => { scopeCleanupPush(() => { process.stderr.write('handler\\n') }); throw new Error('boom') }).detach()",
      'await turn()', "console.log('goes on')")
    expect(err).to.match(/^Fiber 0x[0-9a-f]+ panicked: Error: boom\n(?: {4}at .*\n)+handler\n$/)
    expect(out).to.equal('goes on\n')
    expect(code).to.equal(1)
  })

  it('is reported once, when the turn is over, whether the handle is kept, dropped or detached then (B017, B054)', () => {
    for (const [before, after] of [['globalThis.kept = spawn(fail())', ''], ['spawn(fail())', ''], ['const fiber = spawn(fail())', 'fiber.detach()']]) {
      const { code, err } = run(before!, 'await thisFiber.yield()', "console.error('same turn')", 'await turn()', 'await turn()', "console.error('later')", after!)
      expect(err).to.match(/^same turn\nFiber 0x[0-9a-f]+ panicked: Error: boom\n(?: {4}at .*\n)+later\n$/)
      expect(code).to.equal(1)
    }
  })

  it('is reported when it is detached while its handlers run', () => {
    const { err } = run('const fiber = spawn(() => { scopeCleanupPush(turn); throw new Error("boom") })', 'await thisFiber.yield()', 'fiber.detach()')
    expect(err).to.match(/^Fiber 0x[0-9a-f]+ panicked: Error: boom\n(?: {4}at .*\n)+$/)
  })

  it('is not reported when it is joined in that turn, and later it is still told', () => {
    const early = run('const fiber = spawn(fail())', 'await thisFiber.yield()', 'await fiber.join().catch(error => console.log(error.message))', 'await turn()')
    expect(early).to.deep.equal({ code: 0, out: 'boom\n', err: '' })
    const late = run('const fiber = spawn(fail())', 'await turn()', 'await turn()', 'await fiber.join().catch(error => console.log(error.message))', 'await turn()')
    expect(late.err).to.match(/^Fiber 0x[0-9a-f]+ panicked: Error: boom\n(?: {4}at .*\n)+$/)
    expect({ code: late.code, out: late.out }).to.deep.equal({ code: 0, out: 'boom\n' })
  })

  it('is reported when the program exits in the same turn, and leaves the status to a program that sets one', () => {
    const exit = run('spawn(fail())', 'await thisFiber.yield()', 'process.exit()')
    expect(exit.err).to.match(/^Fiber 0x[0-9a-f]+ panicked: Error: boom\n/)
    expect(exit.code).to.equal(1)
    expect(run('spawn(fail())', 'await thisFiber.yield()', 'process.exit(0)').code).to.equal(0)
    expect(run('spawn(fail())', 'process.exitCode = 3').code).to.equal(3)
  })

  it('is reported with class, name, code, properties, causes and all errors of an AggregateError', () => {
    const { err } = run("spawn(() => { throw Object.assign(new TypeError('job', { cause: new RangeError('cause') }), { code: 'EJOB', user: { id: 5 } }) }, { name: 'janitor' })",
      "spawn(() => { throw new AggregateError([new Error('x'), new SyntaxError('y')], 'all') })", "spawn(() => { throw 'text' })", 'spawn(() => { throw undefined })')
    for (const part of [/Fiber 0x\w+ \(janitor\) panicked: TypeError: job\n {4}at/, /code: 'EJOB'/, /user: \{ id: 5 \}/, /\[cause\]: RangeError: cause\n +at/,
      /AggregateError: all/, /\[errors\]: \[\n +Error: x/, /SyntaxError: y/, /panicked: 'text'\n/, /panicked: undefined\n/]) expect(err).to.match(part)
  })

  it('cannot stop other fibers, whatever its getters do', () => {
    const { code, out, err } = run(
      "const bad = () => { throw new Error('getter') }",
      'class Lazy extends Error { get message () { return bad() } get name () { return bad() } get stack () { return bad() } get errors () { return bad() } get [Symbol.for("nodejs.util.inspect.custom")] () { return bad() } }',
      'const proxy = new Proxy({}, { get: bad, getPrototypeOf: bad, has: bad, ownKeys: bad })',
      'const loop = new AggregateError([]); loop.errors.push(loop)',
      'const thenable = { get then () { throw new Lazy() } }',
      'for (const error of [new Lazy(), proxy, loop]) { spawn(() => { throw error }); spawn(async () => { throw error }); spawn(() => { throw error }).detach() }',
      'spawn(() => thenable)',
      "const other = spawn(() => 'other')", 'await turn()', 'await turn()', 'console.log(await other.join())')
    expect(out).to.equal('other\n')
    expect(err.match(/panicked: /g)).to.have.length(10)
    expect(code).to.equal(1)
  })

  it('goes to onPanic instead of stderr, in the asynchronous context of the fiber, and to a channel', () => {
    const { code, out, err } = run("import { AsyncLocalStorage } from 'node:async_hooks'", "import { subscribe } from 'node:diagnostics_channel'",
      'const request = new AsyncLocalStorage()', "subscribe('emilua:fiber:panic', panic => { console.log('channel', panic.error.message) })",
      "const taken = onPanic(({ who, error, text }) => { console.log(who.replace(/0x.*/, 'ID'), error.message, text.includes('Error: ' + error.message), request.getStore()) })",
      "request.run('r1', () => spawn(fail('one')))", "request.run('r2', () => spawn(fail('two')).detach())", 'await turn()', 'await turn()',
      'taken[Symbol.dispose]()', "spawn(fail('three'))", 'await turn()', 'await turn()', "onPanic(() => { throw new Error('handler') })", "spawn(fail('four'))")
    expect(out.split('\n')).to.deep.equal(['channel two', 'Fiber ID two true r2', 'channel one', 'Fiber ID one true r1', 'channel three', 'channel four', ''])
    expect(err).to.match(/^Fiber \w+ panicked: Error: three\n(?: {4}at .*\n)+Fiber \w+ panicked: Error: four\n(?: {4}at .*\n)+A handler of panics panicked: Error: handler\n/)
    expect(code).to.equal(1)
    expect(run('try { onPanic(1) } catch (error) { console.log(error.arg) }', "try { setPanicMode('x') } catch (error) { console.log(error.arg) }").out).to.equal('handler\nmode\n')
  })

  it('ends the process in mode exit, or is an uncaught exception for who listens', () => {
    const lines = ['spawn(fail())', 'await turn()', 'await turn()', "console.log('unreachable')"]
    for (const result of [runWith({ EMILUA_PANIC: 'exit' }, ...lines), run("setPanicMode('exit')", ...lines)]) {
      expect(result.err).to.match(/^Fiber 0x[0-9a-f]+ panicked: Error: boom\n/)
      expect({ code: result.code, out: result.out }).to.deep.equal({ code: 1, out: '' })
    }
    const heard = run("setPanicMode('exit')", "process.on('uncaughtException', error => { console.log('uncaught', error.message) })", 'spawn(fail())', 'await turn()', 'await turn()', 'process.exit(0)')
    expect({ code: heard.code, out: heard.out }).to.deep.equal({ code: 0, out: 'uncaught boom\n' })
  })

  for (const [name, command] of [['node --test', ['--test']], ['mocha', [mocha]]] as const) {
    it(`makes ${name} red with EMILUA_PANIC=exit`, () => {
      const test = (fixture: string): { status: number | null, text: string } => {
        const env = { ...process.env, EMILUA_PANIC: 'exit' }
        // or the inner runner would report to an outer one
        delete (env as NodeJS.ProcessEnv).NODE_TEST_CONTEXT
        const { status, stdout, stderr } = spawnSync(process.execPath, [...command, join(here, 'panic', fixture)], { cwd: here, encoding: 'utf8', env })
        return { status, text: stdout + stderr }
      }
      const kind = name === 'mocha' ? 'mocha' : 'node'
      const red = test(`${kind}-red.mjs`)
      expect(red.text).to.include('lost in a test')
      expect(red.status).to.not.equal(0)
      expect(test(`${kind}-green.mjs`).status).to.equal(0)
    })
  }
})

describe('the process', function () {
  this.timeout(60_000)

  it('is silent about canceled fibers (B023)', () => {
    const { code, out, err } = run('const forever = () => suspend(undefined, () => {})',
      'const fiber = spawn(forever)', 'await turn()', 'fiber.cancel()', 'fiber.detach()', 'await turn()', 'console.log(fiber.cancellationCaught)')
    expect({ code, out, err }).to.deep.equal({ code: 0, out: 'true\n', err: '' })
  })

  it('is silent about canceled operations that nobody awaits, whether they wait or are refused', () => {
    const { code, out, err } = run("import { inbox, interruptible, Queue, race, Semaphore, timeout } from '@emilua/runtime'",
      "import { sleep } from '@emilua/time'", 'const forever = spawn(() => new Promise(() => {}))',
      'const operations = [() => suspend(undefined, () => {}), () => sleep(9), () => new Queue(1).receive(), () => new Semaphore(0).acquire(), () => inbox.receive(), ' +
      '() => forever.join(), () => interruptible(new Promise(() => {})), () => timeout(9, () => sleep(9)), () => race([() => sleep(9)]), () => scope(() => sleep(9)), ' +
      '() => taskGroup(group => { group.spawn(() => sleep(9)) })]',
      'for (const operation of operations) {',
      '  const waiting = spawn(async () => { void operation(); await turn(); await turn() })', 'await turn()', 'waiting.cancel()', 'await waiting.join()',
      '  const refused = spawn(async () => { await turn(); void operation(); void operation(); await turn(); await turn() })', 'await thisFiber.yield()', 'refused.cancel()', 'await refused.join()',
      '}', 'await turn()', "console.log('end')")
    expect({ code, out, err }).to.deep.equal({ code: 0, out: 'end\n', err: '' })
  })

  it('still ends with what else an operation rejects with that nobody awaits', () => {
    for (const line of ["spawn(async () => { void suspend({ signal: AbortSignal.abort(new Error('mine')) }, () => {}); await turn() })",
      "spawn(async () => { const stop = new AbortController(); void suspend({ signal: stop.signal }, () => {}); stop.abort(new Error('mine')); await turn() })",
      "spawn(async () => { void suspend(undefined, settle => { setImmediate(() => settle.reject(new Error('mine'))) }); await turn(); await turn() })"]) {
      const { code, err } = run(line, 'await turn()', 'await turn()')
      expect(err).to.include('mine')
      expect(code).to.equal(1)
    }
  })

  it('counts a fiber as canceled whose cleanup failed by the cancellation alone, and says once how to do better', () => {
    const { code, out, err } = run(
      "const suppressed = (error, before) => Object.assign(new Error('disposal'), { name: 'SuppressedError', error, suppressed: before })",
      'const wait = () => suspend(undefined, settle => { const timer = setTimeout(() => settle.resolve(), 1e6); return reason => { clearTimeout(timer); settle.reject(reason) } })',
      'const twice = wrap => async () => { try { await wait() } catch (first) { try { await wait() } catch (second) { throw wrap(second, first) } } }',
      'const end = async (body) => { const fiber = spawn(body); await turn(); fiber.cancel(); const error = await fiber.join().catch(error => error); console.log(error.name, fiber.cancellationCaught) }',
      'await end(twice(suppressed))', 'await end(twice((a, b) => suppressed(suppressed(a, b), b)))', "await end(twice((a, b) => new AggregateError([a, b], 'any')))",
      "await end(twice((a, b) => suppressed(new Error('own'), b)))", "await end(twice(() => new AggregateError([], 'none')))")
    expect(out.split('\n')).to.deep.equal(['FiberCanceled true', 'FiberCanceled true', 'FiberCanceled true', 'SuppressedError false', 'AggregateError false', ''])
    expect(err.match(/Warning: Fiber 0x\w+ was canceled, and so was what it awaited to clean up/g)).to.have.length(1)
    expect(code).to.equal(0)
  })

  it('says once that what was awaited in finally was cut off, in a fiber as in a time limit', () => {
    const body = 'async () => { try { await sleep(9) } finally { await sleep(9) } }'
    const start = ["import { sleep } from '@emilua/time'", "import { timeout } from '@emilua/runtime'"]
    const fiber = `const fiber = spawn(${body}); await turn(); fiber.cancel(); await fiber.join().catch(error => console.log(error.name))`
    const { code, out, err } = run(...start, fiber, fiber.replaceAll('fiber', 'other'))
    expect({ code, out }).to.deep.equal({ code: 0, out: 'FiberCanceled\nFiberCanceled\n' })
    expect(err.match(/Warning: Fiber 0x\w+ was canceled, and so was what it awaited to clean up/g)).to.have.length(1)
    const limit = run(...start, `await timeout(0.01, ${body}).catch(error => console.log(error.name))`)
    expect(limit).to.include({ code: 0, out: 'TimeoutError\n' })
    expect(limit.err).to.match(/Warning: A block with a time limit was canceled, and so was what it awaited to clean up/)
    const masked = run(...start, 'const fiber = spawn(async () => { try { await sleep(9) } finally { await uncancelable(() => sleep(0.01)) } })',
      'await turn()', 'fiber.cancel()', 'await fiber.join().catch(() => {})')
    expect(masked).to.deep.equal({ code: 0, out: '', err: '' })
  })

  it('does not say so of who had started several things before he was told', () => {
    const start = ["import { sleep } from '@emilua/time'", "import { timeout } from '@emilua/runtime'"]
    const several = 'await turn(); await Promise.all([sleep(9), sleep(9), sleep(9)])'
    const first = ['const fiber = spawn(async () => {', several, '})', 'fiber.cancel()', 'await fiber.join().catch(error => console.log(error.name))']
    expect(run(...start, ...first)).to.deep.equal({ code: 0, out: 'FiberCanceled\n', err: '' })
    // The limit passes while nothing of ours waits.
    const limit = `await timeout(0.01, async () => { await new Promise(resolve => setTimeout(resolve, 50)); ${several} }).catch(error => console.log(error.name))`
    expect(run(...start, limit)).to.deep.equal({ code: 0, out: 'TimeoutError\n', err: '' })
    const late = run(...start, ...first.map(line => line.replace(several, `try { ${several} } finally { await sleep(9) }`)))
    expect(late.err).to.match(/was canceled, and so was what it awaited to clean up/)
  })

  it('does not say so of who was interrupted, got a result nevertheless, and was told by what came next', () => {
    const body = 'async () => { await suspend(undefined, settle => () => { settle.resolve() }); await sleep(9) }'
    const { code, out, err } = run("import { sleep } from '@emilua/time'", "import { timeout } from '@emilua/runtime'",
      `const fiber = spawn(${body}); await turn(); fiber.cancel(); await fiber.join().catch(error => console.log(error.name))`,
      `await timeout(0.01, ${body}).catch(error => console.log(error.name))`,
      `await spawn(() => timeout(0.01, ${body})).join().catch(error => console.log(error.name))`)
    expect({ code, out, err }).to.deep.equal({ code: 0, out: 'FiberCanceled\nTimeoutError\nTimeoutError\n', err: '' })
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
      expect(err).to.match(/panicked: Error: bad handler/)
      expect(err).to.include('cleanup handler')
      expect(code).to.equal(1)
    }
  })

  it('tells onPanic and the channel of a cleanup handler that fails, before it ends', () => {
    const { code, out, err } = run("import { subscribe } from 'node:diagnostics_channel'",
      "const say = listener => ({ who, error }) => { console.log(listener, who.replace(/0x.*?,/, 'ID,'), error.message) }",
      "subscribe('emilua:fiber:panic', say('channel'))", "onPanic(say('handler'))",
      "spawn(() => { scopeCleanupPush(() => { throw new Error('bad handler') }) })", 'await turn()', 'await turn()', "console.log('unreachable')")
    expect(out.split('\n')).to.deep.equal(['channel Fiber ID, in a cleanup handler, bad handler', 'handler Fiber ID, in a cleanup handler, bad handler', ''])
    expect({ code, err }).to.deep.equal({ code: 1, err: '' })
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

  it('names the fiber that the top level waits for and that waits for what is not ours', () => {
    const { code, err } = run('spawn(() => new Promise(() => {}))', "await spawn(() => new Promise(() => {}), { name: 'stuck' }).join()")
    expect(err).to.match(/^Main fiber still waits for fiber (0x[0-9a-f]+)\nFiber \1 \(stuck\) still waits for something that is not ours\n(?!Fiber)/m)
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
    const { code, out } = run("scopeCleanupPush(() => { console.log('handler') })", 'await endMainFiber()', "console.log('after')")
    expect({ code, out }).to.deep.equal({ code: 0, out: 'handler\nafter\n' })
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
