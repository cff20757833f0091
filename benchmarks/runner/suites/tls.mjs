// SPDX-License-Identifier: MIT OR BSL-1.0
// TLS echo and handshakes. Every server is up for the whole suite, pinned to one processor; the client is on another.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { built, folder, launcher, leastPromises, node24, onClientProcessor, onNode, onServerProcessor, peer } from '../places.mjs'
import { measure, stay } from '../programs.mjs'

const identity = [built('tls.cert'), built('tls.key')]
const echoes = ['64 × 64 B', '64 × 16 KiB']
const servers = [
  { name: 'C, OpenSSL', command: [built('tls_echo'), ...identity] },
  { name: 'node:tls', command: [process.execPath, peer('tls_echo.mjs'), ...identity] },
  ...node24 ? [{ name: 'node:tls 24', only: echoes, command: [node24, peer('tls_echo.mjs'), ...identity] }] : [],
  ...existsSync(built('tls_echo_go')) ? [{ name: 'Go', command: [built('tls_echo_go'), ...identity] }] : [],
  { name: 'Lua', ours: true, command: [launcher, join(folder, 'tls/echo.lua'), ...identity] },
  { name: 'TypeScript', ours: true, command: [launcher, join(folder, 'tls/echo.ts'), '--', ...identity] },
  ...node24 ? [{ name: 'TypeScript 24', ours: true, only: echoes, command: [...onNode(node24, join(folder, 'tls/echo.ts')), ...identity] }] : [],
  // Where Node accepts, handshakes are no floor.
  { ...leastPromises('least promises', process.execPath, 'tls', ...identity), only: echoes },
  ...node24 ? [{ ...leastPromises('least promises 24', node24, 'tls', ...identity), only: echoes }] : []
]

const titles = { cpu: 'CPU of the server, µs', rate: 'a second', p50: 'latency, median, µs', p99: 'latency, p99, µs' }
const rounds = {
  '64 × 64 B': ['echo', 64, 64],
  '64 × 16 KiB': ['echo', 64, 16384],
  'full handshake': ['full', 16, 1],
  'resumed handshake': ['resumed', 16, 1]
}

export const tls = {
  name: 'tls',
  rounds: Object.keys(rounds),
  table: row => `TLS 1.3, echo (connections × bytes) and handshakes with an echo: ${titles[row.measure]}`,
  label: row => row.round,
  contenders: servers.map(({ name, ours, only, command }) => ({
    name,
    ours,
    only,
    versus: 'C, OpenSSL',
    expects: Object.keys(titles),
    async open () {
      const server = await stay(onServerProcessor(command), 'port')
      return {
        async run ({ round, seconds }) {
          const [what, connections, bytes] = rounds[round]
          try {
            return await measure(onClientProcessor([built('tls_client'), what, '--port', `${server.number}`, '--server', `${server.pid}`,
              '--connections', `${connections}`, '--bytes', `${bytes}`, '--seconds', `${seconds}`]))
          } catch (error) {
            throw server.blame(error)
          }
        },
        close: server.stop
      }
    }
  }))
}
