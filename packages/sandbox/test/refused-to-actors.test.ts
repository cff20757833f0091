// SPDX-License-Identifier: MIT OR BSL-1.0
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { EmiluaError } from '@emilua/errors'
import { spawnVm } from '@emilua/runtime'
import { Sandbox, type Policy } from '@emilua/sandbox'
import { expect } from 'chai'
import { foundations } from './foundations.js'

async function failure (attempt: () => Promise<unknown>): Promise<EmiluaError> {
  try {
    await attempt()
  } catch (error) {
    return error as EmiluaError
  }
  throw new Error('nothing failed')
}

describe('a policy that is for programs alone', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'emilua-'))
    writeFileSync(join(folder, 'guest.lua'), 'require "system".exit(9)')
    writeFileSync(join(folder, 'guest.ts'), 'process.exit(9)')
  })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  const descriptors = (): number => readdirSync('/proc/self/fd').length

  for (const foundation of foundations) {
    for (const guest of ['guest.lua', 'guest.ts']) {
      it(`is refused for ${guest} before it starts, ${foundation}`, async () => {
        const policies: [Policy, RegExp][] = [
          [{ network: { allow: ['127.0.0.1:80'] } }, /network\.allow/],
          [{ network: { allow: [] } }, /network\.allow/],
          [{ explain: true }, /explain/]
        ]
        const copying: [Policy, RegExp] = [{ copyOnWrite: folder }, /copyOnWrite|copy_on_write/]
        const start = (policy: Policy): Promise<EmiluaError> =>
          failure(() => spawnVm(new Sandbox({ ...policy, foundation }).context(pathToFileURL(join(folder, guest)))))
        await start(policies[0]![0])
        const before = descriptors()
        for (const [policy, named] of [...policies, copying]) {
          if (policy === copying[0]) expect(descriptors()).most(before)
          const error = await start(policy)
          expect(error).include({ code: 'EINVAL' })
          expect(error.arg).match(/subprocess\.sandbox$/)
          expect(error.message).match(named)
        }
      })
    }
  }
})
