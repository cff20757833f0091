// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { run, worker } from './child.js'

const clean = { code: 0, signal: null, err: '' }

const plugin = JSON.stringify(new URL('../../../native-core/build/release/test/everything.so', import.meta.url).href)

/**
 * More effects than the pool has threads wait at the plugin's gate, so that some are being made and some are queued,
 * beside questions of the resolver, likewise.
 */
const calls = [
  "import { adopt, handleOf, loadPlugin, NativeObject, operate1, register } from '@emilua/native'",
  `const n = loadPlugin(new URL(${plugin}))`,
  "class Counter extends NativeObject { constructor () { super(adopt() ?? n['counter.new'](1)) } }",
  "register('everything', 'counter', Counter)",
  "const effect = options => operate1(n['counter.count_behind_gate'], handleOf(new Counter()), options, 1)",
  "const question = options => tcp.getAddressInfo('name.invalid', 'http', options)",
  'const many = (start, count, options) => Array.from({ length: count }, () => start(options))',
  'const outcomes = promises => Promise.all(promises.map(p => p.then(String, error => error.name)))'
]
// A name server may answer at once that there is no such name.
const all = "many(effect, 40).forEach(p => p.finally(() => print('never'))); many(question, 12).forEach(p => p.catch(() => {}))"

describe('the end of an environment whose calls block', function () {
  this.timeout(60_000)

  it('is clean from process.exit(), in the main thread and in a worker', () => {
    const lines = [...calls, all, "process.on('exit', () => n['keep_gate_open']())", 'setImmediate(() => process.exit(7))']
    expect(run(...lines)).to.deep.equal({ ...clean, code: 7, out: '' })
    expect(run(`${worker(...lines)}.on('exit', print)`)).to.deep.equal({ ...clean, out: '7\n' })
  })

  it('waits for the effects that a terminated worker has begun', () => {
    const lines = [...calls, "import { parentPort } from 'node:worker_threads'", all, "parentPort.postMessage('ready')"]
    const ended = run(...calls, `const w = ${worker(...lines)}`, "await new Promise(resolve => w.once('message', resolve))",
      "const gone = w.terminate().then(() => print('gone'))", 'for (let i = 0; i < 100; i++) await turn()',
      "print('open')", "n['keep_gate_open']()", 'await gone')
    expect(ended).to.deep.equal({ ...clean, out: '"open"\n"gone"\n' })
  })

  it('waits for no question', () => {
    const lines = [...calls, "import { parentPort } from 'node:worker_threads'", 'many(question, 12).forEach(p => p.catch(() => {}))', "parentPort.postMessage('ready')"]
    const ended = run(`const w = ${worker(...lines)}`, "await new Promise(resolve => w.once('message', resolve))",
      'await w.terminate()', "print('gone')")
    expect(ended).to.deep.equal({ ...clean, out: '"gone"\n' })
  })

  it('comes by itself when a signal has ended what was asked and taken back what was queued', () => {
    const ended = run(...calls, "import { setMaxListeners } from 'node:events'", 'const c = new AbortController()',
      'setMaxListeners(0, c.signal)', 'const options = { signal: c.signal }',
      'const effects = many(effect, 40, options), questions = many(question, 12, options)', 'c.abort()',
      'print([...new Set(await outcomes(questions))])', "n['keep_gate_open']()",
      'const made = await outcomes(effects)',
      "print(made.every(r => r === '2' || r === 'AbortError') && made.filter(r => r === '2').length <= 16)")
    expect(ended).to.deep.equal({ ...clean, out: '["AbortError"]\ntrue\n' })
  })
})
