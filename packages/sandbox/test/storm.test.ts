// SPDX-License-Identifier: MIT OR BSL-1.0
// Sandboxes in numbers, at once and one after the other, of which nothing is left. EMILUA_STORM is how many times as many
// there are as in a run of all tests; 10 makes a thousand of each kind.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { spawnVm } from '@emilua/runtime'
import { list, Sandbox, systemPaths, type Policy } from '@emilua/sandbox'
import { expect } from 'chai'
import { descriptorsAhead, foundations, processesAreCounted } from './foundations.js'

const system = systemPaths()
const environment = { PATH: '/usr/bin:/bin' }
const isSanitized = /lib[at]san/.test(process.env.LD_PRELOAD ?? '')
// Processes with a sanitizer in them are large and slow.
const many = Math.round((isSanitized ? 10 : 100) * Number(process.env.EMILUA_STORM ?? 1))

/** What `look` finds of a process or thread; nothing once it has ended. */
function ofLiving<T> (look: () => T, nothing: T): T {
  try {
    return look()
  } catch {
    return nothing
  }
}

const entries = (folder: string): string[] => ofLiving(() => readdirSync(folder), [])

/** The processes below one. */
function below (pid: number | string): string[] {
  const children = entries(`/proc/${pid}/task`).flatMap(thread =>
    ofLiving(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), '').trim().split(' ').filter(Boolean))
  return children.flatMap(child => [child, ...below(child)])
}

interface Left { processes: number, mounts: string, groups: string, descriptors: number, ofServers: number }

const isServer = (pid: string): boolean => ofLiving(() => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'emilua-forks\n', false)

/** All that guests could leave. */
function found (): Left {
  const servers = below(process.pid).filter(isServer)
  return {
    processes: below(process.pid).length,
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
    groups: execFileSync('sh', ['-c', `find /sys/fs/cgroup -type d -name 'emilua-${process.pid}-*' 2>/dev/null || :`], { encoding: 'utf8' }),
    descriptors: readdirSync('/proc/self/fd').length,
    ofServers: servers.reduce((sum, pid) => sum + entries(`/proc/${pid}/fd`).length, 0)
  }
}

/** Waits until there is no more than before: threads close what guests had soon after their end. */
async function expectNothingLeft (before: Left): Promise<void> {
  const isMore = ({ processes, descriptors, ofServers, groups }: Left): boolean =>
    processes > before.processes || descriptors > before.descriptors || ofServers > before.ofServers || groups !== ''
  for (let i = 0; i < 2000 && isMore(found()); i++) await new Promise(resolve => setImmediate(resolve))
  const now = found()
  expect(now).include({ mounts: before.mounts, groups: '' })
  for (const name of ['processes', 'descriptors', 'ofServers'] as const) expect(now[name], name).most(before[name])
}

const policies: Record<string, Policy> = {
  'on namespaces': { limits: { seconds: 600 } },
  'on namespaces with limits that control groups hold': { limits: { processes: 20, memory: 1 << 30 }, temporary: 1 << 20 },
  'on namespaces with rules for the network': { network: { allow: ['127.0.0.1:1'] } },
  'in a process': { foundation: 'process', limits: { processes: 20 } }
}

describe('a storm of sandboxes', function () {
  this.timeout(600_000)

  for (const [where, policy] of Object.entries(policies).filter(([, { foundation = 'namespaces' }]) => foundations.includes(foundation))) {
    it(`leaves nothing behind, ${where}`, async () => {
      // Of a process nobody else counts them.
      const { processes, ...limits } = policy.limits ?? {}
      const isCounted = policy.foundation !== 'process' || await processesAreCounted()
      const box = new Sandbox({ read: system, ...policy, limits: isCounted ? { ...limits, processes } : limits })
      const one = () => box.run({ program: 'cat', arguments: ['cat'], environment, input: 'x' })
      await Promise.all([one(), one()])
      const before = found()
      before.descriptors += descriptorsAhead

      const guests = await Promise.all(Array.from({ length: many }, () =>
        box.spawn({ program: 'cat', arguments: ['cat'], environment, stdin: 'pipe', stdout: 'pipe' })))
      const running = (await list()).map(({ pid }) => pid)
      for (const { pid } of guests) expect(running).include(pid)
      await Promise.all(guests.map(async (guest, i) => {
        // Some end by themselves, some by force.
        if (i % 3 === 0) guest.kill(9)
        else guest.stdin.close()
        await guest.wait()
        guest.stdin.close()
        guest.stdout.close()
        expect(guest.exitCode).equal(i % 3 === 0 ? 137 : 0)
      }))
      await expectNothingLeft(before)

      for (let i = 0; i < many; i++) expect((await one()).stdout.toString()).equal('x')
      await expectNothingLeft(before)
    })
  }

  it('of actors leaves nothing behind', async function () {
    // Without an environment that says so, it looks for leaks where it may not.
    if (isSanitized) this.skip()
    const folder = mkdtempSync(join(tmpdir(), 'emilua-'))
    writeFileSync(join(folder, 'guest.lua'), 'require "inbox":receive()')
    const context = (foundation: 'namespaces' | 'process') =>
      new Sandbox({ foundation }).context(pathToFileURL(join(folder, 'guest.lua')))
    const contexts = foundations.map(context)
    const start = (i: number) => spawnVm<string>(contexts[i % contexts.length]!)
    // Of what is wanted again, one is made ahead.
    for (const i of [0, 1, 0, 1, 0, 1]) {
      const first = await start(i)
      await first.send('x')
      await first.closed
    }
    const before = found()
    const guests = await Promise.all(Array.from({ length: many }, (_, i) => start(i)))
    await Promise.all(guests.map(async (guest, i) => {
      if (i % 3 === 0) guest.kill()
      else await guest.send('x')
      expect((await guest.closed).reason).equal(i % 3 === 0 ? 'killed' : 'ended')
      guest.close()
    }))
    rmSync(folder, { recursive: true })
    // Their channels go with the collector.
    globalThis.gc?.()
    await expectNothingLeft({ ...before, descriptors: Infinity })
  })

  it('leaves no temporary file, also where the program is killed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'emilua-'))
    try {
      for (const name of ['project', 'tmp']) mkdirSync(join(folder, name))
      const run = (end: string): void => {
        try {
          execFileSync(process.execPath, ['--input-type=module', '-e', `
            import { Sandbox, systemPaths } from '@emilua/sandbox'
            for (let i = 0; i < ${Math.ceil(many / 10)}; i++) {
              for (const foundation of ${JSON.stringify(foundations)}) {
                const box = new Sandbox({ read: systemPaths(), copyOnWrite: ${JSON.stringify(join(folder, 'project'))}, foundation })
                const { exitCode } = await box.run({ program: 'sh', arguments: ['sh', '-c', 'echo x > made; mkdir made-too'], environment: { PATH: '/usr/bin:/bin' } })
                if (exitCode !== 0) process.exit(9)
              }
            }
            ${end}`], { cwd: fileURLToPath(new URL('.', import.meta.url)), env: { ...process.env, TMPDIR: join(folder, 'tmp'), EMILUA_SHUFFLE: undefined, NODE_OPTIONS: undefined }, stdio: ['ignore', 'ignore', 'inherit'] })
        } catch (error) {
          expect(error).property('signal', 'SIGKILL')
        }
      }
      run('')
      expect(readdirSync(join(folder, 'tmp'))).deep.equal([])
      run("process.kill(process.pid, 'SIGKILL')")
      // The next one to use it finds that nobody is there.
      run('')
      expect(readdirSync(join(folder, 'tmp'))).deep.equal([])
      expect(readdirSync(join(folder, 'project'))).deep.equal([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
