// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { guidePrograms, runProgram } from '../guide.js'
import { startMariadb, startPostgres, startRedis } from './services.js'

describe('the programs of the guide that need a database', function () {
  this.timeout(120_000)

  for (const [kind, start, variable] of [
    ['ts pg', startPostgres, 'PGPORT'], ['ts redis', startRedis, 'REDIS_PORT'], ['ts mysql', startMariadb, 'MYSQL_PORT']
  ] as const) {
    it(kind.slice(3), async () => {
      const [{ program, promised }] = guidePrograms().filter(each => each.kind === kind) as [ReturnType<typeof guidePrograms>[number]]
      const service = await start()
      try {
        expect(await runProgram(program, { [variable]: String(service.port) })).to.deep.equal(promised)
      } finally {
        await service.stop()
      }
    })
  }
})
