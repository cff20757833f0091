// SPDX-License-Identifier: MIT OR BSL-1.0
// Echo, over TCP and UNIX sockets. Every server is up for the whole suite, pinned to one processor; the client is on another.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { built, folder, launcher, leastPromises, node24, onClientProcessor, onLuaJit, onNode, onPlainLuaJit, onServerProcessor, peer, tool } from '../places.mjs'
import { measure, stay } from '../programs.mjs'

const bun = tool('@oven/bun-linux-x64/bin/bun')

/** What is not there on every machine. */
const others = [
  bun && { name: 'bun', command: [bun, peer('bun_echo.mjs')] },
  existsSync(built('echo_go')) && { name: 'Go', command: [built('echo_go')] },
  node24 && { name: 'node:net 24', command: [node24, peer('net_echo.mjs')] },
  node24 && { name: 'TypeScript 24', ours: true, command: onNode(node24, join(folder, 'echo/echo.ts')) }
].filter(Boolean)

export const servers = [
  { name: 'raw epoll', command: [built('epoll_echo')] },
  { name: 'raw Asio', command: [built('asio_echo')] },
  { name: 'node:net', command: [process.execPath, peer('net_echo.mjs')] },
  ...others.filter(({ ours }) => !ours),
  { name: 'Lua', ours: true, command: [launcher, join(folder, 'echo/echo.lua')] },
  { name: 'TypeScript', ours: true, command: [launcher, join(folder, 'echo/echo.ts')] },
  ...others.filter(({ ours }) => ours),
  { name: 'syscall', ours: true, command: onLuaJit(join(folder, 'syscall/epoll_echo.lua')) }
]

/** Those whose tails are looked at. */
const underLoad = servers.filter(({ name }) => !['raw Asio', 'node:net 24', 'syscall'].includes(name))

/** The same in TypeScript by other means: no part of the suites that ask how servers bear load. */
const otherForms = [['node', process.execPath], ['24', node24]].filter(([, node]) => node).flatMap(([version, node]) =>
  [['for await', 'chunks'], ['Duplex', 'duplex']].map(([form, file]) =>
    ({ name: version === 'node' ? form : `${form} 24`, ours: true, command: onNode(node, join(folder, `echo/${file}.ts`)) })))

/** One contender a server; `load` gives the client's options for a turn. */
const contenders = (servers, expects, load) => servers.map(({ name, ours, command }) => ({
  name,
  ours,
  versus: name === 'raw epoll' ? undefined : 'raw epoll',
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
const measures = [...Object.keys(titles), 'client_cpu', 'memory']
const sizes = { '64 B': 64, '1 KiB': 1024, '16 KiB': 16384 }

export const echo = {
  name: 'echo',
  rounds: ['1 × 64 B', '64 × 64 B', '512 × 64 B', '64 × 16 KiB'],
  table: row => row.measure in titles ? `TCP echo, connections × bytes: ${titles[row.measure]}` : null,
  label: row => row.round,
  contenders: contenders([
    ...servers,
    ...otherForms,
    leastPromises('least promises', process.execPath),
    ...node24 ? [leastPromises('least promises 24', node24)] : []
  ], measures, ({ round, seconds }, server) => {
    const [connections, size] = round.split(' × ')
    return ['echo', '--server', server, '--connections', connections, '--bytes', sizes[size], '--seconds', seconds]
  })
}

export const burst = {
  name: 'burst',
  rounds: ['512 beside 64 busy'],
  table: () => 'TCP, connections arriving at once: until the last has its first echo, ms',
  label: row => row.measure === 'last_first_echo' ? row.round : `${row.round}, worst`,
  contenders: contenders(underLoad, ['last_first_echo', 'last_first_echo_worst'], ({ seconds }) =>
    ['burst', '--busy', 64, '--arriving', 512, '--bytes', 64, '--bursts', Math.ceil(seconds * 5)])
}

const tailTitles = { 'asked': 'requests a second', 'p50': 'median, µs', 'p99': 'p99, µs', 'p99.9': 'p99.9, µs' }

/** At fixed times: half of what a server can, and a hundred polite clients beside one that sends megabytes as fast as it can. */
export const tails = {
  name: 'tails',
  rounds: ['half load', 'one greedy'],
  table: ({ measure }) => `TCP, latency at fixed rates: ${tailTitles[measure]}`,
  label: row => row.round,
  contenders: underLoad.map(({ name, ours, command }) => ({
    name,
    ours,
    versus: name === 'raw epoll' ? undefined : 'raw epoll',
    expects: Object.keys(tailTitles),
    async open () {
      const server = await stay(onServerProcessor(command), 'port')
      const client = options => onClientProcessor([built('echo_client'), ...options.map(String), '--port', String(server.number)])
      return {
        async run ({ round, seconds }) {
          try {
            if (round === 'half load') return await measure(client(['paced', '--connections', 64, '--bytes', 64, '--seconds', seconds]))
            const greedy = measure(client(['echo', '--server', server.pid, '--connections', 1, '--bytes', 1 << 20, '--seconds', seconds * 1.8]))
            const polite = await measure(client(['paced', '--connections', 100, '--bytes', 64, '--seconds', seconds, '--rate', 2000]))
            await greedy
            return polite
          } catch (error) {
            throw server.blame(error)
          }
        },
        close: server.stop
      }
    }
  }))
}

/** Datagrams of `one` are received and sent by a system call each, those of `many` by as few as there can be. */
const udpServers = [
  { name: 'raw epoll', command: [built('udp_echo'), 'one'] },
  { name: 'many a call', command: [built('udp_echo'), 'many'] },
  { name: 'node:dgram', command: [process.execPath, peer('dgram_echo.mjs')] },
  leastPromises('least promises', process.execPath, 'udp'),
  { name: 'Lua', ours: true, command: [launcher, join(folder, 'echo/udp.lua')] },
  { name: 'TypeScript', ours: true, command: [launcher, join(folder, 'echo/udp.ts')] }
]

export const udp = {
  name: 'udp',
  rounds: ['1 × 64 B', '64 × 64 B', '64 × 1 KiB'],
  table: row => row.measure in titles ? `UDP echo, clients × bytes: ${titles[row.measure]}` : null,
  label: row => row.round,
  contenders: contenders(udpServers, measures, ({ round, seconds }, server) => {
    const [connections, size] = round.split(' × ')
    return ['echo', '--over', 'udp', '--server', server, '--connections', connections, '--bytes', sizes[size], '--seconds', seconds]
  })
}

const unixServers = kind => [
  { name: 'raw epoll', command: [built('unix_echo'), kind] },
  ...kind === 'stream'
    ? [{ name: 'node:net', command: [process.execPath, peer('net_echo.mjs'), kind] }]
    : [],
  ...kind === 'descriptors' ? [] : [leastPromises('least promises', process.execPath, kind)],
  ...kind === 'datagram' || process.arch !== 'x64' ? [] : [{ name: 'least coroutines', command: [...onPlainLuaJit(peer('least_coroutines.lua')), kind] }],
  ...existsSync(built('echo_go')) ? [{ name: 'Go', command: [built('echo_go'), kind] }] : [],
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
