// SPDX-License-Identifier: MIT OR BSL-1.0
// Clients and servers of Node over sockets of ours, beside the same over node:net: latency of one request after the
// other. The other side is always over node:net, or a database.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { folder, launcher, onClientProcessor, onServerProcessor } from '../places.mjs'
import { measure, stay } from '../programs.mjs'

const program = name => [launcher, join(folder, 'bridge', `${name}.ts`)]
const database = name => [...program('database'), '--', name]
const web = transport => [...program('web'), '--', transport]

/** What is asked for, the server that answers, and whether it is the client or the server that competes. */
const rounds = {
  'pg query': { what: 'pg', server: () => database('pg'), needs: '/usr/lib/postgresql' },
  'redis GET': { what: 'redis', server: () => database('redis'), needs: '/usr/bin/redis-server' },
  'http client': { what: 'small', server: () => web('net') },
  'http client, 16 KiB': { what: 'large', server: () => web('net') },
  'http server': { what: 'small', server: web, competes: 'server' },
  'http server, 16 KiB': { what: 'large', server: web, competes: 'server' }
}

const contender = (name, transport, more) => ({
  name,
  ...more,
  expects: ['median', 'p99'],
  async open () {
    const servers = new Map()
    const serverOf = async command => {
      const key = command.join(' ')
      if (!servers.has(key)) servers.set(key, await stay(onServerProcessor(command), 'port'))
      return servers.get(key)
    }
    return {
      async run ({ round, seconds }) {
        const { what, server, competes } = rounds[round]
        const { number, blame } = await serverOf(server(transport))
        const client = competes === 'server' ? 'net' : transport
        try {
          return await measure(onClientProcessor([...program('client'), '--', client, what, String(number)]), { variables: { BENCHMARK_SECONDS: String(seconds) } })
        } catch (error) {
          throw blame(error)
        }
      },
      close: () => Promise.all([...servers.values()].map(server => server.end()))
    }
  }
})

export const bridge = {
  name: 'bridge',
  rounds: Object.keys(rounds).filter(round => existsSync(rounds[round].needs ?? '/')),
  table: () => 'Clients and servers of Node over sockets of ours: a request, µs',
  label: row => `${row.round}, ${row.measure}`,
  contenders: [
    contender('node:net', 'net'),
    contender('bridge', 'bridge', { ours: true, versus: 'node:net' })
  ]
}
