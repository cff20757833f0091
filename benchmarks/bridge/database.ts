// SPDX-License-Identifier: MIT OR BSL-1.0
// Starts PostgreSQL or Redis, says its port, and ends with its standard input.
import { once } from 'node:events'
import { startPostgres, startRedis } from '../../packages/stream/test/databases/services.ts'

const service = await (process.argv[2] === 'pg' ? startPostgres() : startRedis())
console.log('port', service.port)
await once(process.stdin.resume(), 'end')
await service.stop()
