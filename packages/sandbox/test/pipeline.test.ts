// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmiluaError } from '@emilua/errors'
import { spawn } from '@emilua/runtime'
import { pipeline, Sandbox, systemPaths, type PipelineOptions, type PipelineStage, type Policy } from '@emilua/sandbox'
import { expect } from 'chai'
import { descriptorsAhead, foundations, onNamespaces, signalsInProcess } from './foundations.js'

const system = systemPaths()
const environment = { PATH: '/usr/bin:/bin' }

function stage (script: string, policy: Policy = {}): PipelineStage {
  return { sandbox: new Sandbox({ read: system, ...policy }), program: 'sh', arguments: ['sh', '-c', script], environment }
}

async function failure (attempt: () => Promise<unknown> | unknown): Promise<EmiluaError> {
  try {
    await attempt()
  } catch (error) {
    return error as EmiluaError
  }
  throw new Error('nothing failed')
}

function isRunning (marker: string): boolean {
  return execFileSync('sh', ['-c', "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '"], { encoding: 'utf8' }).includes(`sleep ${marker}`)
}

const markers = (): [string, string] => {
  const one = `8${process.pid}${Date.now() % 100000}`
  return [`${one}1`, `${one}2`]
}

describe('a pipeline', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'emilua-'))
    writeFileSync(join(folder, 'secret'), 'b\na\nc\n')
  })
  afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

  for (const foundation of foundations) {
    it(`hands on what programs write, each under its own policy, ${foundation}`, async () => {
      const { stdout, truncated, stages } = await pipeline([
        stage(`cat ${folder}/secret; echo first >&2`, { read: [...system, folder], foundation }),
        stage(`sort; cat ${folder}/secret || echo z; exit 3`, { foundation }),
        stage('tr a-z A-Z; kill -9 $$', { foundation })
      ])
      expect(stdout.toString()).equal('A\nB\nC\nZ\n')
      expect(truncated).equal(false)
      const killed = foundation === 'namespaces' || signalsInProcess ? [137, 9] : [1, undefined]
      expect(stages.map(({ exitCode, exitSignal }) => [exitCode, exitSignal])).deep.equal([[0, undefined], [3, undefined], killed])
      expect(stages[0]!.stderr.toString()).equal('first\n')
      expect(stages[1]!.stderr.toString()).include('secret')
      expect(stages.every(each => each.foundation === foundation && each.processorTime >= 0)).equal(true)
    })
  }

  it('is one program, too, and has an input', async () => {
    const { stdout } = await pipeline([stage('cat')], { input: 'hello' })
    expect(stdout.toString()).equal('hello')
    const many = await pipeline([stage('cat'), stage('cat'), stage('wc -c')], { input: Buffer.alloc(1 << 20) })
    expect(many.stdout.toString().trim()).equal(String(1 << 20))
  })

  onNamespaces('gives each program its neighbours and nothing else', async () => {
    const { stdout } = await pipeline([stage('ls -x /proc/self/fd'), stage('cat; ls -x /proc/self/fd')])
    expect(stdout.toString()).match(/^(0 +1 +2 +3\n){2}$/)
  })

  it('ends a program that nobody listens to, and one by its limit', async () => {
    const { stdout, stages } = await pipeline([stage('exec yes'), stage('head -n 1')])
    expect(stdout.toString()).equal('y\n')
    expect(stages.map(({ exitSignal }) => exitSignal)).deep.equal([13, undefined])
    const slow = await pipeline([stage('echo x; exec sleep 1000', { limits: { seconds: 0.1 } }), stage('cat')])
    expect(slow.stdout.toString()).equal('x\n')
    expect(slow.stages.map(({ limit }) => limit)).deep.equal(['seconds', undefined])
  })

  it('keeps as much as it is asked to', async () => {
    const { stdout, truncated, stages } = await pipeline([stage('yes | head -c 100000; echo abcdefgh >&2'), stage('cat')], { limit: 4 })
    expect(stdout.toString()).equal('y\ny\n')
    expect(truncated).equal(true)
    expect(stages.map(each => [each.stderr.toString(), each.truncated])).deep.equal([['abcd', true], ['', true]])
  })

  it('ends all programs when its fiber is canceled or its signal aborted', async () => {
    const [one, two] = markers()
    const both = [stage(`exec sleep ${one}`), stage(`exec sleep ${two}`)]
    const fiber = spawn(() => pipeline(both))
    while (!isRunning(one) || !isRunning(two)) await new Promise(resolve => setImmediate(resolve))
    await fiber[Symbol.asyncDispose]()
    expect(isRunning(one) || isRunning(two)).equal(false)
    const stop = new AbortController()
    const stopped = failure(() => pipeline(both, { signal: stop.signal }))
    while (!isRunning(one) || !isRunning(two)) await new Promise(resolve => setImmediate(resolve))
    stop.abort()
    expect(await stopped).property('name', 'AbortError')
    expect(isRunning(one) || isRunning(two)).equal(false)
  })

  it('ends those that run when one cannot be started', async () => {
    const [one] = markers()
    const before = readdirSync('/proc/self/fd').length + descriptorsAhead
    const none: PipelineStage = { ...stage(''), program: '/none' }
    for (let i = 0; i < 5; i++) {
      expect(await failure(() => pipeline([stage(`exec sleep ${one}`), none]))).include({ code: 'ENOENT', path: '/none' })
      expect(isRunning(one)).equal(false)
    }
    for (let i = 0; i < 1000 && readdirSync('/proc/self/fd').length > before; i++) await new Promise(resolve => setImmediate(resolve))
    expect(readdirSync('/proc/self/fd').length).most(before)
  })

  it('refuses what makes no sense', async () => {
    expect(await failure(() => pipeline([]))).include({ code: 'EINVAL', arg: 'stages' })
    expect(await failure(() => pipeline([{ program: 'ls' } as PipelineStage]))).include({ code: 'EINVAL', arg: 'stages[0].sandbox' })
    expect(await failure(() => pipeline([{ ...stage(''), stdin: 'pipe' } as PipelineStage]))).include({ code: 'EINVAL', arg: 'stages[0].stdin' })
    expect(await failure(() => pipeline([stage('')], { limit: -1 }))).include({ code: 'EINVAL', arg: 'opts.limit' })
    expect(await failure(() => pipeline([stage('')], { input: 1 as unknown as string }))).include({ code: 'EINVAL', arg: 'opts.input' })
    expect(await failure(() => pipeline([{ ...stage(''), programm: 'ls' } as PipelineStage]))).include({ code: 'EINVAL', arg: 'stages[0].programm' })
    expect(await failure(() => pipeline([stage('')], { limits: 1 } as PipelineOptions))).include({ code: 'EINVAL', arg: 'opts.limits' })
    expect(await failure(() => pipeline([stage('')], [] as PipelineOptions))).include({ code: 'EINVAL', arg: 'opts' })
  })
})
