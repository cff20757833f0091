// SPDX-License-Identifier: MIT OR BSL-1.0
// How cost grows with the number of connections, fibers and VMs: CPU of one operation, and memory of one more of them.
// Prints tables, and with --json what benchmarks/plot takes.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { built, folder, launcher, onClientProcessor, onServerProcessor } from './places.mjs'
import { ProgramFailed, measure, stay } from './programs.mjs'
import { servers } from './suites/echo.mjs'
import { short } from './table.mjs'

const usage = `usage: benchmarks/grow [options]

  --quick        fewer sizes, shorter turns
  --seconds S    length of a turn (default 1, quick 0.2)
  --json         print what benchmarks/plot draws
  --save FILE    write it to a file, besides
  --help
`
const { values: given } = parseArgs({
  options: { quick: { type: 'boolean' }, seconds: { type: 'string' }, json: { type: 'boolean' }, save: { type: 'string' }, help: { type: 'boolean' } }
})
if (given.help) {
  process.stdout.write(usage)
  process.exit(0)
}
const seconds = Number(given.seconds ?? (given.quick ? 0.2 : 1))
const sizes = (...all) => given.quick ? all.filter((_, i) => i % 2 === 0) : all

/** A server, or a client, of more sockets than the shell allows by default. */
const withDescriptors = command => ['sh', '-c', 'ulimit -n "$(ulimit -Hn)"; exec "$@"', 'sh', ...command]

/** 20,000 connections, or as many as one process may have, which has some other descriptors. */
const descriptors = Number(/^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity)
const mostConnections = Math.min(20_000, descriptors - 500)

const busy = 64
const compared = ['raw epoll', 'node:net', 'Lua', 'TypeScript']

/** Connections that are all busy, or 64 busy ones beside others that are silent. */
async function connections (kind, count, { command }) {
  const server = await stay(withDescriptors(onServerProcessor(command)), 'port')
  try {
    const run = async (active, idle) => await measure(withDescriptors(onClientProcessor([built('echo_client'), 'echo',
      '--server', server.pid, '--port', server.number, '--bytes', 64, '--connections', active, '--idle', idle, '--seconds', seconds].map(String))))
    const one = (await run(1, 0)).get('memory').value
    const many = kind === 'active' ? await run(count, 0) : await run(Math.min(busy, count), Math.max(0, count - busy))
    return { cpu: many.get('cpu').value, memory: Math.max(0, many.get('memory').value - one) / Math.max(1, count - 1) }
  } finally {
    await server.stop()
  }
}

async function residentWhenParked (command, count) {
  const program = await stay(command, 'parked', { variables: { BENCHMARK_PARKED: String(count) } })
  try {
    return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8'))[1])
  } finally {
    await program.stop()
  }
}

/** A program that takes its number from the environment and prints `name`, beside one that stays, for its memory. */
async function parked (name, count, { busy, waiting }) {
  const variables = { BENCHMARK_PARKED: String(count) }
  const value = (await measure(onServerProcessor(busy), { variables })).get(name).value / 1000
  const memory = (await residentWhenParked(waiting, count) - await residentWhenParked(waiting, 0)) / count
  return { cpu: value, memory: Math.max(0, memory) }
}

const program = file => [launcher, join(folder, file)]
const named = compared.map(name => servers.find(server => server.name === name))
const subjects = [
  ...['active', 'idle'].map(kind => ({
    name: `${kind} connections`,
    cpu: 'CPU of the server a request, µs',
    memory: 'memory a connection, KiB',
    sizes: sizes(1, 10, 100, 1000, 5000, mostConnections),
    contenders: named.map(server => ({ name: server.name, at: async count => await connections(kind, count, server) }))
  })),
  {
    name: 'fibers',
    cpu: 'CPU of a switch, µs',
    memory: 'memory a fiber, KiB',
    sizes: sizes(1, 10, 100, 1000, 10_000, 100_000),
    contenders: [['Lua', 'lua'], ['TypeScript', 'ts']].map(([name, kind]) => ({
      name,
      at: async count => await parked('switch', count, { busy: program(`growth/switch.${kind}`), waiting: program(`memory/parked.${kind}`) })
    }))
  },
  {
    name: 'VMs',
    cpu: 'CPU of a message there and back, µs',
    memory: 'memory a VM, KiB',
    sizes: sizes(1, 10, 100, 1000, 10_000),
    contenders: [{
      name: 'Lua',
      at: async count => await parked('round_trip', count, { busy: program('growth/round_trips.lua'), waiting: program('vm/waiting.lua') })
    }]
  }
]

execFileSync('make', ['--silent', '-C', folder], { stdio: ['ignore', 2, 2] })
const progress = process.stderr.isTTY ? text => process.stderr.write(`\r\x1b[K${text}`) : () => {}
const machine = `${cpus().length} × ${cpus()[0].model}, Linux ${release()}, Node ${process.version}`
const results = []
for (const { name, cpu, memory, sizes, contenders } of subjects) {
  const points = []
  for (const count of sizes) {
    for (const contender of contenders) {
      progress(`${count} ${name}: ${contender.name}`)
      try {
        points.push({ count, contender: contender.name, ...await contender.at(count) })
      } catch (error) {
        if (!(error instanceof ProgramFailed)) throw error
        process.stderr.write(`FAILED ${count} ${name}: ${error.message}\n`)
        process.exitCode = 1
      }
    }
  }
  results.push({ name, cpu, memory, sizes, contenders: contenders.map(contender => contender.name), points })
}
progress('')

function table ({ sizes, contenders, points }, measure) {
  const cell = (count, contender) => {
    const point = points.find(one => one.count === count && one.contender === contender)
    return point ? short(point[measure]) : '—'
  }
  const rows = [['', ...contenders], ...sizes.map(count => [String(count), ...contenders.map(name => cell(count, name))])]
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  return rows.map(row => '  ' + row.map((text, column) => text.padStart(widths[column])).join('  ')).join('\n')
}

const everything = JSON.stringify({ machine, seconds, results })
if (given.save !== undefined) writeFileSync(given.save, everything + '\n')
if (given.json) {
  console.log(everything)
} else {
  console.log(`${machine}; turns of ${seconds} s\n`)
  for (const result of results) {
    for (const measure of ['cpu', 'memory']) console.log(`By the number of ${result.name}: ${result[measure]}\n${table(result, measure)}\n`)
  }
}
