// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Runs the lines in a process of their own, where no runtime is loaded, and parses what they print. */
function run (...lines: string[]): unknown {
  const program = ["import { checkpoint, currentFiber, endMainFiber, enter, installFiberHook, mayRefuse, suspend, uncancelable, Waiting, withoutFiber } from '@emilua/native/fiber'",
    'const print = value => { console.log(JSON.stringify(value)) }',
    'const rejection = promise => promise.then(() => "resolved", error => error)', ...lines]
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', program.join(';\n')], { cwd: here, encoding: 'utf8' })
  expect(result.stderr).to.equal('')
  return JSON.parse(result.stdout)
}

describe('the fiber contract without a runtime', () => {
  it('knows no fiber, refuses nothing, and calls through', () => {
    expect(run('print([currentFiber(), enter(null), checkpoint(), uncancelable(() => 1), withoutFiber(() => 2)])')).to.deep.equal([null, null, null, 1, 2])
  })

  it('ends the main fiber by doing nothing, or throwing what it failed with', () => {
    expect(run('print([await rejection(endMainFiber())])')).to.deep.equal(['resolved'])
  })

  it('suspend resolves, rejects and passes on what its start throws', () => {
    expect(run('const first = await suspend(undefined, settle => { settle.resolve(1); settle.reject(2) })',
      'const second = await rejection(suspend({}, settle => { setImmediate(() => settle.reject(3)) }))',
      'print([first, second, await rejection(suspend({}, () => { throw 4 }))])')).to.deep.equal([1, 3, 4])
  })

  it('suspend waits for the interrupter, and a success beats an interruption', () => {
    expect(run('const controller = new AbortController()', 'const log = []',
      'const late = suspend({ signal: controller.signal }, settle => reason => { log.push(reason); setImmediate(() => settle.reject(reason)) })',
      'const success = suspend({ signal: controller.signal }, settle => () => { settle.resolve("done") })',
      'const none = suspend({ signal: controller.signal }, () => {})', 'const all = Promise.all([rejection(late), success, rejection(none)])',
      'controller.abort("why")', 'print([...await all, log])')).to.deep.equal(['why', 'done', 'why', ['why']])
  })

  it('does not start when the signal is aborted already or is none', () => {
    expect(run('let started = 0', 'const start = () => { started++ }',
      'const aborted = await rejection(suspend({ signal: AbortSignal.abort("before") }, start))',
      'const wrong = await rejection(suspend({ signal: {} }, start))', 'print([aborted, wrong.code, wrong.arg, started])')).to.deep.equal(['before', 'EINVAL', 'options.signal', 0])
  })

  it('asks the hook: refusal first, then the signal; registers and unregisters', () => {
    expect(run('const log = []', 'let refusal = null',
      'const fiber = { enter: () => refusal, add: () => { log.push("add") }, delete: () => { log.push("delete") } }',
      'installFiberHook({ current: () => fiber, uncancelable: fn => { log.push("mask"); return fn() }, withoutFiber: fn => { log.push("without"); return fn() } })',
      'uncancelable(() => {})', 'withoutFiber(() => {})',
      'await suspend(undefined, settle => { settle.resolve() })',
      'await suspend(undefined, settle => { setImmediate(() => settle.resolve()) })',
      'refusal = Promise.reject("refused")',
      'const first = await rejection(suspend({ signal: AbortSignal.abort("aborted") }, () => { log.push("started") }))',
      'print([first, log])')).to.deep.equal(['refused', ['mask', 'without', 'add', 'delete']])
  })

  it('looks for the fiber of what need not wait only while one may refuse', () => {
    expect(run('let asked = 0', 'const fiber = { enter: () => { asked++; return Promise.reject("refused") } }', 'installFiberHook({ current: () => fiber })',
      'const results = [checkpoint()]', 'mayRefuse(1)', 'results.push(await rejection(checkpoint()))', 'mayRefuse(-1)', 'results.push(checkpoint())',
      'print([...results, asked])')).to.deep.equal([null, 'refused', null, 1])
  })

  it('a place to wait in can be used again, and knows the first reason only', () => {
    expect(run('const log = []', 'class Place extends Waiting { cancel () { log.push(this.reason) } }', 'const place = new Place()',
      'const controllers = [1, 2, 3].map(() => new AbortController())',
      'place.park(null, controllers[0].signal)', 'controllers[0].abort("first")', 'place.interrupt("second")', 'place.unpark()',
      'place.park(null, controllers[1].signal)', 'const fresh = [place.interrupted, place.reason === undefined]', 'place.unpark()', 'controllers[1].abort("too late")',
      'print([log, fresh, place.interrupted])')).to.deep.equal([['first'], [false, true], false])
  })
})
