// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { run, worker } from './child.js'

const clean = { code: 0, signal: null, err: '' }

describe('the end of an environment', function () {
  this.timeout(60_000)

  it('comes by itself when nothing is pending, though objects are open', () => {
    const ended = run('globalThis.kept = await pair()', "print('end')")
    expect(ended).to.deep.equal({ ...clean, out: '"end"\n' })
  })

  it('waits for what is pending', () => {
    const ended = run('sleep(0.02).then(() => print(1))', 'const { acceptor } = await pair()',
      'acceptor.accept().catch(error => print(error.code))', 'setTimeout(() => acceptor.close(), 40)')
    expect(ended).to.deep.equal({ ...clean, out: '1\n"ECANCELED"\n' })
  })

  it('settles nothing that is pending', () => {
    const ended = run("process.on('exit', () => print('exit'))", 'const { server } = await parked()',
      "server.readSome(new Uint8Array(1)).finally(() => print('never'))", 'process.exit(7)')
    expect(ended).to.deep.equal({ ...clean, code: 7, out: '"exit"\n' })
  })

  const places = {
    'a turn with a lookup under way': 'lookUp(); setImmediate(() => process.exit(7))',
    'a completion': 'sleep(0.001).then(() => process.exit(7))',
    'an inline completion': 'server.writeSome(new Uint8Array(1)).then(() => process.exit(7))',
    'a cancellation': `const c = new AbortController()
      sleep(9, { signal: c.signal }).catch(() => process.exit(7))
      c.abort()`,
    'an abort listener': `const c = new AbortController()
      c.signal.addEventListener('abort', () => process.exit(7))
      sleep(9, { signal: c.signal })
      c.abort()`,
    'an exit listener that starts more': `process.on('exit', () => {
        acceptor.accept().catch(() => {})
        client.readSome(new Uint8Array(1))
        process.exit(7)
      })
      process.exit(3)`
  }
  for (const [place, line] of Object.entries(places)) {
    it(`is clean from ${place}, in the main thread and in a worker`, () => {
      const lines = ['const { acceptor, client, server } = await parked()', line]
      expect(run(...lines)).to.deep.equal({ ...clean, code: 7, out: '' })
      const inWorker = run(`${worker(...lines)}.on('exit', print)`)
      expect(inWorker).to.deep.equal({ ...clean, out: '7\n' })
    })
  }

  it('is clean after an exception that nobody caught', () => {
    const ended = run('await parked()', "sleep(0.001).then(() => { throw new Error('boom') })")
    expect(ended.code).to.equal(1)
    expect(ended.err).to.include('Error: boom')
  })

  it('does not come of exceptions that the program catches at its top', () => {
    const ended = run("process.on('uncaughtException', error => print(error.message))", 'await sleep(0.001)',
      "process.nextTick(() => { throw new Error('tick') })", "queueMicrotask(() => { throw new Error('microtask') })",
      'await sleep(0.001)', "print('goes on')")
    expect(ended.err).to.equal('')
    expect(ended.out.split('\n').sort()).to.deep.equal(['', '"goes on"', '"microtask"', '"tick"'])
    expect(ended.code).to.equal(0)
  })

  it('is clean after SIGINT beside a listener of the program, and by a signal without one', () => {
    const caught = run('await parked()', "process.on('SIGINT', () => process.exit(3))", "process.kill(process.pid, 'SIGINT')")
    expect(caught).to.deep.equal({ ...clean, code: 3, out: '' })
    const killed = run('await parked()', "process.kill(process.pid, 'SIGTERM')")
    expect(killed).to.deep.equal({ code: null, signal: 'SIGTERM', out: '', err: '' })
  })

  it('leaves no descriptor behind, of workers that end, exit or are terminated', () => {
    const start = worker(
      "import { parentPort } from 'node:worker_threads'",
      "parentPort.once('message', how => { if (how === 'exit') process.exit(0); else parentPort.unref() })",
      'await parked()', "parentPort.postMessage('ready')")
    const ended = run(
      `const one = how => new Promise((resolve, reject) => {
         const w = ${start}
         w.on('error', reject).on('exit', resolve)
         w.on('message', () => { if (how === 'terminate') w.terminate(); else w.postMessage(how) })
       })`,
      "await one('exit')", 'const before = descriptors()',
      "for (let i = 0; i < 5; i++) { await one('exit'); await one('terminate') }",
      "await Promise.all(Array.from({ length: 6 }, (_, i) => one(i % 2 ? 'exit' : 'terminate')))",
      'print(descriptors() - before)')
    expect(ended).to.deep.equal({ ...clean, out: '0\n' })
  })

  it('keeps the core mapped when only a worker had loaded it', () => {
    const source = JSON.stringify(worker('await parked()', 'lookUp()', 'setImmediate(() => process.exit(0))'))
    const ended = run("import { spawnSync } from 'node:child_process'",
      `const program = \`import { Worker } from 'node:worker_threads'
        for (let i = 0; i < 3; i++) await new Promise(resolve => \${${source}}.on('exit', resolve))
        await new Promise(resolve => setTimeout(resolve, 20))\``,
      "const { status, signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })",
      'print({ status, signal, stderr })')
    expect(ended).to.deep.equal({ ...clean, out: '{"status":0,"signal":null,"stderr":""}\n' })
  })
})
