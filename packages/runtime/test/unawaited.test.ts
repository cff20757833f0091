// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { FiberCanceled, taskGroup, thisFiber, timeout, TimeoutError } from '@emilua/runtime'
import { forever, rejection, sleep } from './operations.js'

/** Runs the lines as an ES module in a process of its own. */
function run (...lines: string[]): { code: number | null, out: string, err: string } {
  const program = ["import { onPanic, race, setPanicMode, spawn, taskGroup, timeout } from '@emilua/runtime'", "import { sleep } from '@emilua/time'",
    "const fail = async () => { await sleep(0.002); throw new RangeError('boom') }", ...lines]
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', program.join(';\n')], {
    cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8', timeout: 50_000, env: { ...process.env, EMILUA_SHUFFLE: undefined, NODE_TEST_CONTEXT: undefined }
  })
  return { code: result.status, out: result.stdout, err: result.stderr }
}

const times = (text: string, what: RegExp): number => text.match(what)?.length ?? 0

describe('a block that nobody awaits', function () {
  this.timeout(60_000)

  it('is reported once when it fails or is late, and the program goes on', () => {
    for (const [block, who, error] of [
      ['timeout(60, fail)', /^timeout\(fail\), which nobody awaits, panicked: RangeError: boom\n {4}at /, /boom/g],
      ['timeout(0.002, () => sleep(60))', /^timeout\(\(\) => sleep\(60\)\), which nobody awaits, panicked: TimeoutError: Timed out after 0.002 s\n/, /Timed out/g],
      ['timeout(-1, fail)', /^timeout\(fail\), which nobody awaits, panicked: EmiluaError: seconds: /, /seconds: /g],
      ['taskGroup(async group => { group.spawn(fail) })', /^taskGroup\(async group => \{ group.spawn\(fail\) \}\), which nobody awaits, panicked: RangeError: boom\n/, /boom/g],
      ['race([fail])', /^race\(\), which nobody awaits, panicked: RangeError: boom\n/, /boom/g]
    ] as const) {
      const { code, out, err } = run(block, 'await sleep(0.05)', "console.log('goes on')")
      expect(err, block).to.match(who)
      expect(times(err, error), block).to.equal(1)
      expect({ code, out }, block).to.deep.equal({ code: 1, out: 'goes on\n' })
    }
  })

  it('is not reported when it is taken in that turn, and told to who takes it later', () => {
    const early = run('const block = timeout(60, () => { throw new Error("boom") })', 'await null', 'await block.catch(error => { console.log(error.message) })', 'await sleep(0.01)')
    expect(early).to.deep.equal({ code: 0, out: 'boom\n', err: '' })
    const late = run('const block = timeout(60, fail)', 'await sleep(0.05)', 'await block.catch(error => { console.log(error.message) })')
    expect({ code: late.code, out: late.out }).to.deep.equal({ code: 0, out: 'boom\n' })
    expect(times(late.err, /boom/g)).to.equal(1)
  })

  it('is reported as `onPanic` and the mode want it', () => {
    const handled = run('onPanic(panic => { console.log(panic.who, panic.error.message) })', 'timeout(60, fail)')
    expect(handled).to.deep.equal({ code: 1, out: 'timeout(fail), which nobody awaits, boom\n', err: '' })
    const exits = run("setPanicMode('exit')", 'timeout(60, fail)', 'await sleep(60)')
    expect(exits.code).to.equal(1)
    expect(exits.err).to.contain('RangeError: boom')
  })

  it('says nothing when it is canceled', () => {
    const canceled = run('const fiber = spawn(async () => { void timeout(60, () => sleep(60)); void taskGroup(() => sleep(60)); await sleep(60) })', 'await sleep(0.01)', 'fiber.cancel()')
    expect(canceled).to.deep.equal({ code: 0, out: '', err: '' })
  })

  it('fails where it is taken as any promise does', async () => {
    const block = timeout(0, forever)
    expect(block).to.be.instanceOf(Promise)
    expect(await Promise.allSettled([block, block.finally(() => {})])).to.have.nested.property('[1].reason').instanceOf(TimeoutError)
    const caller = async (): Promise<void> => { await timeout(0.001, forever) }
    expect((await rejection(caller()) as Error).stack).to.match(/at async caller /)
    expect(await timeout(60, () => 7).then(value => value + 1)).to.equal(8)
  })
})

describe('a limit of ours and one of the platform', () => {
  it('tell which of them was over', async () => {
    const limited = (seconds: number, milliseconds: number): Promise<unknown> =>
      rejection(timeout(seconds, () => sleep(60_000, { signal: AbortSignal.timeout(milliseconds) })))
    expect(await limited(60, 1)).to.be.instanceOf(DOMException).and.have.property('name', 'TimeoutError')
    expect(await limited(0.001, 60_000)).to.be.instanceOf(TimeoutError)
    expect(await rejection(timeout(0.001, () => sleep(60_000, { signal: AbortSignal.any([thisFiber.signal, AbortSignal.timeout(60_000)]) })))).to.be.instanceOf(TimeoutError)
  })
})

describe('what cancels the rest', () => {
  it('is the cause that a task and the block meet', async () => {
    const met: unknown[] = []
    const meets = async (): Promise<void> => { try { await forever() } catch (error) { met.push(error); throw error } }
    const error = await rejection(taskGroup(async group => {
      group.spawn(meets)
      group.spawn(async () => { await sleep(1); throw new RangeError('real') })
      await meets()
    }))
    expect(error).to.be.instanceOf(RangeError)
    expect(met).to.have.length(2)
    for (const each of met) expect(each).to.be.instanceOf(FiberCanceled).and.have.property('cause', error)
    const inner: unknown[] = []
    const outer = await rejection(taskGroup(async group => {
      group.spawn(() => taskGroup(async deeper => {
        deeper.spawn(async () => { try { await forever() } catch (error) { inner.push(error); throw error } })
        await forever()
      }))
      await sleep(1)
      throw new RangeError('outside')
    }))
    expect(inner[0]).to.be.instanceOf(FiberCanceled).and.have.property('cause', outer)
    const late: unknown[] = []
    await rejection(timeout(0.001, async () => { try { await forever() } catch (error) { late.push(error); throw error } }))
    expect(late[0]).to.have.property('cause').instanceOf(TimeoutError)
    expect(new FiberCanceled()).to.not.have.property('cause')
  })

  it('shows in what ends a program that dropped a promise in a group', () => {
    const { code, err } = run('const work = async () => { await sleep(60) }', 'await taskGroup(async group => { group.spawn(fail); void work(); await sleep(60) })')
    expect(code).to.equal(1)
    expect(err).to.contain('RangeError: boom')
  })

  it('is raised where a disposal was canceled with it', async () => {
    const real = new RangeError('real')
    const suppressed = (error: unknown, hidden: unknown): Error => Object.assign(new Error('suppressed'), { name: 'SuppressedError', error, suppressed: hidden })
    for (const thrown of [suppressed(new FiberCanceled(), real), suppressed(real, new FiberCanceled()), new AggregateError([new FiberCanceled(), suppressed(new FiberCanceled(), real)])]) {
      expect(await rejection(taskGroup(() => { throw thrown }))).to.equal(real)
      expect(await rejection(taskGroup(async group => { await group.spawn(() => { throw thrown }).join() }))).to.equal(real)
      expect(await rejection(timeout(0.001, async () => { await forever().catch(() => {}); throw thrown }))).to.equal(real)
    }
    const two = suppressed(new TypeError('other'), real)
    expect(await rejection(taskGroup(() => { throw two }))).to.equal(two)
    const itself = new AggregateError([new FiberCanceled()])
    itself.errors.push(itself)
    expect(await rejection(taskGroup(() => { throw itself }))).to.equal(itself)
  })
})
