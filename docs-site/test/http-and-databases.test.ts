// SPDX-License-Identifier: MIT OR BSL-1.0
// The programs of the guide that need no database; packages/stream/test/databases has the others.
import { guidePrograms, runProgram } from '../../packages/stream/test/guide.ts'
import { expect } from 'chai'

describe('the guide to HTTP and databases', function () {
  this.timeout(20_000)

  for (const { kind, program, promised } of guidePrograms()) {
    if (kind !== 'ts' && kind !== 'ts undici') continue
    it(`${program.split('\n').find(line => line.includes('new ') || line.includes('create'))!.trim()}: prints what it says`, async () => {
      expect(promised).not.deep.equal([])
      expect(await runProgram(program)).deep.equal(promised)
    })
  }
})
