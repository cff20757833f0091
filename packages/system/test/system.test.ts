// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError, asioError, isEof } from '@emilua/errors'
import * as fibers from '@emilua/runtime'
import * as system from '@emilua/system'
import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

/** Runs a module with the exports of this package in scope. */
function run (program: string, input?: string): Promise<{ status: number | null, signal: string | null, output: string }> {
  const text = `import * as system from '${import.meta.resolve('@emilua/system')}'\n${program}`
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['pipe', 'pipe', 'ignore'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', chunk => { output += chunk })
    child.stdin.end(input)
    child.on('close', (status, signal) => resolve({ status, signal, output }))
  })
}

describe('arguments and environment', () => {
  it('are those of the process, and do not change', () => {
    expect(system.arguments).deep.equal(process.argv)
    expect(system.args).equal(system.arguments)
    expect(system.environment['PATH']).equal(process.env['PATH'])
    expect(Object.isFrozen(system.environment) && Object.isFrozen(system.arguments)).equal(true)
  })
})

describe('args', () => {
  it('can be imported by name', async () => {
    const program = `import { args } from '${import.meta.resolve('@emilua/system')}'; console.log(args.length === process.argv.length)`
    expect(await run(program)).include({ status: 0, output: 'true\n' })
  })
})

describe('exit', () => {
  it('ends with the status it is given', async () => {
    expect(await run('system.exit(7); console.log("never")')).include({ status: 7, output: '' })
    expect(await run('system.exit()')).include({ status: 0 })
  })

  it('runs the handlers of the process, unless it is forced', async () => {
    const handler = 'process.on("exit", () => console.log("handled"));'
    expect(await run('system.exit(7, { force: undefined, forse: undefined })')).include({ status: 7 })
    expect(await run(`${handler} system.exit(1)`)).include({ status: 1, output: 'handled\n' })
    expect(await run(`${handler} system.exit(1, { force: 2 })`)).include({ status: 1, output: '' })
    expect(await run(`${handler} system.exit(1, { force: 'abort' })`)).include({ signal: 'SIGABRT', output: '' })
  })

  it('ends although something waits', async () => {
    expect(await run('void new system.signal.Set(system.signal.SIGUSR1).wait(); setImmediate(() => system.exit(3))'))
      .include({ status: 3 })
  })

  it('names the argument that is wrong', () => {
    for (const code of [-1, 256, 0.5, '1' as never]) {
      expect(() => system.exit(code)).throw(EmiluaError).include({ code: 'EINVAL', arg: 'code' })
    }
    expect(() => system.exit(0, { force: 3 as never })).throw(EmiluaError).include({ code: 'EINVAL', arg: 'opts.force' })
    expect(() => system.exit(0, { forse: 2 } as never)).throw("opts.forse: Expected one of the fields force; is it 'force' that is meant?")
  })
})

describe('the standard streams', () => {
  it('read to the end and write', async () => {
    const { output } = await run(`
      for await (const chunk of system.stdin) {
        for (let at = 0; at < chunk.length;) at += await system.stdout.writeSome(chunk.subarray(at))
      }`, 'over and over\n'.repeat(10000))
    expect(output).equal('over and over\n'.repeat(10000))
  })

  it('end with an error that is recognised', async () => {
    expect(await run('await system.stdin.readSome(new Uint8Array(1)).catch(e => console.log(e.code))', ''))
      .include({ status: 0, output: 'EOF\n' })
    expect(isEof(asioError.misc.eof)).equal(true)
  })

  it('leave the flags of the descriptors alone', async () => {
    const flags = 'const f = () => readFileSync("/proc/self/fdinfo/0", "utf8").match(/flags:.*/)[0]'
    const { output } = await run(`import { readFileSync } from 'node:fs'; ${flags}; const before = f()
      const reading = system.stdin.readSome(new Uint8Array(1)); const during = f(); await reading
      console.log(before === during && before === f())`, 'x')
    expect(output).equal('true\n')
  })
})

describe('signal.Set', () => {
  it('tells which signal came, those that nobody waited for as well', async () => {
    const set = new system.signal.Set(system.signal.SIGUSR1, system.signal.SIGUSR2)
    const first = set.wait()
    system.signal.raise(system.signal.SIGUSR2)
    expect(await first).equal(system.signal.SIGUSR2)
    set.remove(system.signal.SIGUSR2)
    const second = set.wait()
    system.kill(system.getpid(), system.signal.SIGUSR1)
    expect(await second).equal(system.signal.SIGUSR1)
    set.clear()
  })

  it('works beside a listener of the process', async () => {
    const set = new system.signal.Set(system.signal.SIGUSR1)
    const heard = new Promise<void>(resolve => { process.once('SIGUSR1', () => resolve()) })
    const waiting = set.wait()
    system.signal.raise(system.signal.SIGUSR1)
    await Promise.all([heard, waiting])
    set.clear()
  })

  it('misses none of a worker and of an actor in Lua between two waits, beside a listener', async () => {
    const { SIGUSR1, SIGUSR2, Set } = system.signal
    const set = new Set(SIGUSR1, SIGUSR2)
    let listened = 0
    const listener = (): void => { listened++ }
    process.on('SIGUSR1', listener)
    const folder = mkdtempSync(join(tmpdir(), 'emilua-signals-'))
    writeFileSync(join(folder, 'raises.lua'), `
      local system, inbox = require 'system', require 'inbox'
      while true do
        inbox:receive()
        system.signal.raise(system.signal.SIGUSR2)
      end`)
    const actor = await fibers.spawnVm<boolean>(pathToFileURL(join(folder, 'raises.lua')))
    const worker = new Worker('require("node:worker_threads").parentPort.on("message", () => { process.kill(process.pid, "SIGUSR1") })', { eval: true })
    // Each raises the next one when its last was heard: one that got lost would be the last.
    const next = { [SIGUSR1]: () => { worker.postMessage(0) }, [SIGUSR2]: () => { actor.send(true) } }
    const heard = { [SIGUSR1]: 0, [SIGUSR2]: 0 }
    for (const ask of Object.values(next)) ask()
    const rounds = 400
    for (let i = 0; i < rounds; i++) {
      const impatient = i % 3 === 0 ? fibers.spawn(() => set.wait()) : undefined
      impatient?.cancel()
      const number = await impatient?.join().catch(() => undefined) ?? await set.wait()
      heard[number]!++
      if (i % 5 === 0) await new Promise(resolve => setImmediate(resolve))
      if (i < rounds - 2) next[number]!()
    }
    expect(heard[SIGUSR1]! + heard[SIGUSR2]!).equal(rounds)
    expect(Math.min(heard[SIGUSR1]!, heard[SIGUSR2]!)).above(0)
    while (listened < heard[SIGUSR1]!) await new Promise(resolve => setImmediate(resolve))
    process.off('SIGUSR1', listener)
    set.clear()
    actor.close()
    await worker.terminate()
    rmSync(folder, { recursive: true })
  })

  it('stops waiting when it is canceled', async () => {
    const set = new system.signal.Set(system.signal.SIGUSR1)
    const waiting = set.wait().catch(error => error)
    set.cancel()
    expect(asioError.basic.operationAborted.equals(await waiting)).equal(true)
    set.clear()
  })

  it('refuses what cannot be caught', () => {
    for (const signal of [system.signal.SIGKILL, system.signal.SIGSTOP, 0, 1000]) {
      expect(() => new system.signal.Set(signal)).throw(EmiluaError).include({ code: 'EINVAL', arg: 'signals' })
    }
  })

  it('is for the main thread', async () => {
    const text = `import('${import.meta.resolve('@emilua/system')}').then(({ signal }) => {
      let said
      try { new signal.Set(signal.SIGUSR1) } catch ({ code, message }) { said = { code, message } }
      require('node:worker_threads').parentPort.postMessage(said)
    })`
    const worker = new Worker(text, { eval: true })
    const said = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    expect(said).deep.equal({ code: 'ONLY_MASTER_VM', message: 'Only the main thread can do this' })
    await worker.terminate()
  })
})
