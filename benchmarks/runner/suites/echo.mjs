// SPDX-License-Identifier: MIT OR BSL-1.0
// Echo, over TCP and UNIX sockets. Every server is up for the whole suite, pinned to one processor; the client is on another.
import { join } from 'node:path'
import { built, folder, launcher, onClientProcessor, onLuaJit, onServerProcessor, peer } from '../places.mjs'
import { measure, stay } from '../programs.mjs'

const servers = [
  { name: 'raw epoll', command: [built('epoll_echo')] },
  { name: 'raw Asio', command: [built('asio_echo')] },
  { name: 'node:net', command: [process.execPath, peer('net_echo.mjs')] },
  { name: 'Lua', ours: true, command: [launcher, join(folder, 'echo/echo.lua')] },
  { name: 'TypeScript', ours: true, command: [launcher, join(folder, 'echo/echo.ts')] },
  { name: 'syscall', ours: true, command: onLuaJit(join(folder, 'syscall/epoll_echo.lua')) }
]

/** One contender a server; `load` gives the client's options for a turn. */
const contenders = (servers, expects, load) => servers.map(({ name, ours, command }) => ({
  name,
  ours,
  versus: 'raw epoll',
  expects,
  async open () {
    const server = await stay(onServerProcessor(command), 'port')
    return {
      async run (turn) {
        const options = [...load(turn, server.pid), '--port', server.number]
        try {
          return await measure(onClientProcessor([built('echo_client'), ...options.map(String)]))
        } catch (error) {
          throw server.blame(error)
        }
      },
      close: server.stop
    }
  }
}))

const titles = {
  'cpu': 'CPU of the server a request, µs',
  'rate': 'requests a second',
  'p50': 'latency, median, µs',
  'p99': 'latency, p99, µs',
  'p99.9': 'latency, p99.9, µs'
}
const measures = [...Object.keys(titles), 'client_cpu']
const sizes = { '64 B': 64, '16 KiB': 16384 }

export const echo = {
  name: 'echo',
  rounds: ['1 × 64 B', '64 × 64 B', '512 × 64 B', '64 × 16 KiB'],
  table: row => row.measure in titles ? `TCP echo, connections × bytes: ${titles[row.measure]}` : null,
  label: row => row.round,
  contenders: contenders(servers, measures, ({ round, seconds }, server) => {
    const [connections, size] = round.split(' × ')
    return ['echo', '--server', server, '--connections', connections, '--bytes', sizes[size], '--seconds', seconds]
  })
}

export const burst = {
  name: 'burst',
  rounds: ['512 beside 64 busy'],
  table: () => 'TCP, connections arriving at once: until the last has its first echo, ms',
  label: row => row.measure === 'last_first_echo' ? row.round : `${row.round}, worst`,
  contenders: contenders(servers, ['last_first_echo', 'last_first_echo_worst'], ({ seconds }) =>
    ['burst', '--busy', 64, '--arriving', 512, '--bytes', 64, '--bursts', Math.ceil(seconds * 5)])
}

const unixServers = kind => [
  { name: 'raw epoll', command: [built('unix_echo'), kind] },
  ...kind === 'stream' ? [{ name: 'node:net', command: [process.execPath, peer('net_echo.mjs'), kind] }] : [],
  { name: 'Lua', ours: true, command: [launcher, join(folder, 'echo/unix.lua'), '--', kind] },
  { name: 'TypeScript', ours: true, command: [launcher, join(folder, 'echo/unix.ts'), '--', kind] }
]

const unixEcho = (name, kind, what) => ({
  name,
  rounds: ['64 × 64 B'],
  table: row => row.measure in titles ? `${what}, clients × bytes: ${titles[row.measure]}` : null,
  label: row => row.round,
  contenders: contenders(unixServers(kind), measures, ({ seconds }, server) =>
    ['echo', '--over', kind, '--server', server, '--connections', 64, '--bytes', 64, '--seconds', seconds])
})

export const unixSuites = [
  unixEcho('unix-stream', 'stream', 'UNIX stream echo'),
  unixEcho('unix-datagram', 'datagram', 'UNIX datagram echo'),
  unixEcho('unix-descriptors', 'descriptors', 'UNIX stream echo with a descriptor each way')
]
