// SPDX-License-Identifier: MIT OR BSL-1.0
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { EmiluaError } from '@emilua/errors'
import { spawnVm } from '@emilua/runtime'
import { kill, list, probe, Sandbox, systemPaths, type Policy, type RunResult } from '@emilua/sandbox'
import { expect } from 'chai'
import { foundations } from './foundations.js'

const system = systemPaths()
const environment = { PATH: '/usr/bin:/bin' }
// With a sanitizer an init alone has a hundred megabytes.
const mostOfIdle = /lib[at]san/.test(process.env.LD_PRELOAD ?? '') ? 1 << 28 : 1 << 26

async function failure (attempt: () => Promise<unknown> | unknown): Promise<EmiluaError> {
  try {
    await attempt()
  } catch (error) {
    return error as EmiluaError
  }
  throw new Error('nothing failed')
}

for (const foundation of foundations) {
  describe(`what runs in sandboxes, ${foundation}`, () => {
    let folder: string
    beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-')) })
    afterEach(() => { rmSync(folder, { recursive: true }) })

    it('is listed, with what it has taken, and not any more when it has ended', async () => {
      const before = (await list()).map(({ pid }) => pid)
      const ours = async () => (await list()).filter(({ pid }) => !before.includes(pid))
      const begun = Date.now() / 1000
      const box = new Sandbox({ read: system, foundation })
      await using idle = await box.spawn({ program: 'sleep', arguments: ['sleep', '100'], environment })
      await using busy = await box.spawn({ program: '/bin/sh', arguments: ['sh', '-c', 'while :; do :; done'], environment })
      writeFileSync(join(folder, 'guest.lua'), 'require "inbox":receive()')
      const actor = await spawnVm(box.context(pathToFileURL(join(folder, 'guest.lua'))))
      await box.handshake()
      const [first, second, third, ...rest] = await ours()
      expect(rest).deep.equal([])
      expect(first).deep.include({ pid: idle.pid, program: 'sleep', actor: false, foundation, memoryScope: undefined })
      expect(first!.since).within(begun - 1, Date.now() / 1000 + 1)
      expect(first!.memory).within(1, mostOfIdle)
      expect(second).deep.include({ pid: busy.pid, program: '/bin/sh', actor: false })
      expect(third).deep.include({ pid: actor.childPid, program: join(folder, 'guest.lua'), actor: true, foundation })
      while ((await ours())[1]!.processorTime! < 0.05) { /* it is busy */ }
      busy.kill(15)
      await busy.wait()
      expect((await ours()).map(({ pid }) => pid)).deep.equal([idle.pid, actor.childPid])
      actor.kill()
      await actor.closed
      expect((await ours()).map(({ pid }) => pid)).deep.equal([idle.pid])
    })

    it('is killed by its number, with all that it has, and nobody else is', async () => {
      const box = new Sandbox({ read: system, foundation })
      const guest = await box.spawn({ program: 'sh', arguments: ['sh', '-c', 'sleep 100 & sleep 100'], environment })
      const pid = guest.pid!
      kill(pid, 0)
      kill(pid)
      await guest.wait()
      expect(guest).include({ exitSignal: 9, limit: undefined })
      // Its parent has to hear of it yet.
      while (existsSync(`/proc/${pid}`)) await new Promise(resolve => setImmediate(resolve))
      expect(await failure(() => { kill(pid) })).include({ code: 'ESRCH', arg: 'pid' })
      expect(await failure(() => { kill(process.pid, 0) })).include({ code: 'ESRCH', arg: 'pid' })
      expect(await failure(() => { kill(1, 0) })).include({ code: 'ESRCH' })
      await using other = await box.spawn({ program: 'sleep', arguments: ['sleep', '100'], environment })
      expect(await failure(() => { kill(other.pid!, 4711) })).include({ code: 'EINVAL', arg: 'signal' })

      writeFileSync(join(folder, 'guest.lua'), 'require "inbox":receive()')
      const actor = await spawnVm(box.context(pathToFileURL(join(folder, 'guest.lua'))))
      await box.handshake()
      kill(actor.childPid)
      expect(await actor.closed).deep.equal({ reason: 'killed' })
    })
  })

  describe(`memory of a sandbox, ${foundation}`, () => {
    /** Five processes that have so many MiB each, at once, tell how many of them came to their end. */
    const bomb = (mebibytes: number, policy: Policy): Promise<RunResult> => new Sandbox({ read: system, foundation, ...policy }).run({
      program: 'perl',
      arguments: ['perl', '-e', `
        my $size = shift() << 20;
        pipe(my $r, my $w);
        my @said;
        for (1 .. 5) {
          pipe(my $here, my $there);
          if (!fork) { close $w; close $here; my $x = "x" x $size; syswrite($there, "x"); sysread($r, my $b, 1); exit 0 }
          close $there; push @said, $here;
        }
        close $r; sysread($_, my $b, 1) for @said; close $w;
        my $bad = 0; for (1 .. 5) { wait; $bad++ if $? } print $bad; exit $bad`, String(mebibytes)],
      environment
    })
    const memory = 100 << 20

    it('is that of all processes together where a control group counts it, and the result says which', async () => {
      const { controlGroups } = await probe()
      const result = await bomb(40, { limits: { memory, seconds: 20 } })
      if (controlGroups.memory) {
        expect(result).include({ memoryScope: 'sandbox', limit: 'memory' })
        // With a sanitizer the init takes most of it, whose end is that of all.
        if (!/lib[at]san/.test(process.env.LD_PRELOAD ?? '')) expect(Number(result.stdout)).within(1, 5)
      } else {
        expect(result).include({ memoryScope: 'process', limit: undefined, exitCode: 0 })
      }
    }).timeout(30_000)

    it('is that of each process where the policy says so', async () => {
      const result = await bomb(40, { limits: { memory, seconds: 20, memoryScope: 'process' } })
      expect(result).include({ memoryScope: 'process', exitCode: 0, limit: undefined })
      const large = await bomb(200, { limits: { memory, seconds: 20, memoryScope: 'process' } })
      expect(Number(large.stdout)).equal(5)
      expect((await bomb(1, {})).memoryScope).equal(undefined)
    }).timeout(30_000)

    it('is had for all together or not at all, where the policy says so', async () => {
      const { controlGroups } = await probe()
      const policy: Policy = { read: system, foundation, limits: { memory, memoryScope: 'sandbox' } }
      if (!controlGroups.memory) {
        expect(await failure(() => new Sandbox(policy))).include({ name: 'SandboxUnavailable', layer: 'limits' })
        return
      }
      await using guest = await new Sandbox(policy).spawn({ program: 'perl', arguments: ['perl', '-e', '$| = 1; my $x = "x" x (30 << 20); print "there"; sleep 100'], environment, stdout: 'pipe' })
      expect(guest.memoryScope).equal('sandbox')
      await guest.stdout.readSome(new Uint8Array(5))
      const listed = (await list()).find(({ pid }) => pid === guest.pid)!
      expect(listed.memoryScope).equal('sandbox')
      expect(listed.memory).within(30 << 20, memory)
    })
  })
}
