// SPDX-License-Identifier: MIT OR BSL-1.0
// Programs that measure themselves: fibers, byte spans, system calls, reads of files, and regular expressions.
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { built, folder, launcher, onLuaJit, onPlainLuaJit, peer, programs } from '../places.mjs'
import { measure, start } from '../programs.mjs'

/** A contender that is one program or several, run one after the other. */
const programsOf = (name, commands, { variables = {}, ...more }) => ({
  name,
  ...more,
  open: async () => ({
    async run ({ seconds }) {
      const all = new Map()
      for (const command of commands()) {
        const here = { BENCHMARK_SECONDS: String(seconds / 2), ...variables }
        for (const [name, value] of await measure(command, { variables: here })) all.set(name, value)
      }
      return all
    },
    close: async () => {}
  })
})

/** The same beside as many programs that compute as there are processors. */
function besideHogs (contender) {
  return {
    ...contender,
    async open () {
      const opened = await contender.open()
      return {
        ...opened,
        async run (turn) {
          const hogs = Array.from({ length: availableParallelism() }, () => start([process.execPath, '-e', 'for (;;);']))
          try {
            return await opened.run(turn)
          } finally {
            for (const hog of hogs) hog.kill('SIGKILL')
            await Promise.all(hogs.map(hog => hog.ended))
          }
        }
      }
    }
  }
}

const luajit = file => onLuaJit(peer(file))
const oursIn = (name, suffix) => () => programs(name, suffix).map(file => [launcher, file])

const switches = ['spawn_join', 'yield_2', 'yield_100']
const synchronisation = ['mutex', 'mutex_contended', 'condition', 'sleep_0']
const everything = [...switches, ...synchronisation]
const asyncFunctions = [process.execPath, peer('async_functions.mjs')]

export const fibers = {
  name: 'fibers',
  rounds: [''],
  table: () => 'Fibers, operations a second',
  label: row => row.measure,
  contenders: [
    programsOf('raw LuaJIT', () => [luajit('coroutines.lua')], { expects: switches }),
    programsOf('async', () => [asyncFunctions], { expects: switches }),
    programsOf('async+ALS', () => [[...asyncFunctions, 'als']], { expects: switches }),
    programsOf('Lua', oursIn('fibers', '.lua'), { ours: true, versus: 'raw LuaJIT', expects: everything }),
    programsOf('TypeScript', oursIn('fibers-typescript', '.ts'), { ours: true, versus: 'async+ALS', expects: everything })
  ]
}

const spans = ['byte_span_index', 'byte_span_sub', 'byte_span_new_64', 'byte_span_append']

export const byteSpan = {
  name: 'byte-span',
  rounds: [''],
  table: () => 'byte_span, ns an operation',
  label: row => row.measure,
  contenders: [
    programsOf('raw FFI', () => [luajit('ffi_bytes.lua')], { expects: spans }),
    programsOf('Uint8Array', () => [[process.execPath, peer('uint8array.mjs')]], { expects: ['byte_span_index', 'byte_span_sub', 'byte_span_new_64'] }),
    programsOf('Lua', oursIn('byte-span', '.lua'), { ours: true, versus: 'raw FFI', expects: spans }),
    programsOf('TypeScript', oursIn('byte-span', '.ts'), { ours: true, versus: 'Uint8Array', expects: spans })
  ]
}

const calls = ['getpid', 'read_1', 'read_64k', 'write_1', 'write_64k', 'stat']
const ourCalls = join(folder, 'syscall/calls.lua')

export const systemCalls = {
  name: 'system-calls',
  rounds: [''],
  table: () => 'System calls, ns of CPU each',
  label: row => row.measure,
  contenders: [
    programsOf('C', () => [[built('system_calls')]], { expects: calls }),
    ...existsSync('/usr/share/lua/5.1/posix') ? [programsOf('luaposix', () => [luajit('luaposix_calls.lua')], { expects: calls })] : [],
    // The same program, on the module that this one follows.
    ...existsSync('/usr/share/lua/5.1/syscall.lua') ? [programsOf('ljsyscall', () => [onPlainLuaJit(ourCalls)], { expects: calls })] : [],
    programsOf('syscall', () => [onLuaJit(ourCalls)], { ours: true, versus: 'C', expects: calls }),
    programsOf('in emilua', () => [[launcher, ourCalls]], { ours: true, versus: 'C', expects: calls })
  ]
}

/** What batches of datagrams would give. */
export const datagrams = {
  name: 'datagrams',
  rounds: [''],
  table: () => 'Small datagrams to a socket of one\'s own, ns of CPU each',
  label: row => row.measure,
  contenders: Object.entries({ 'one a call': 'one', 'many a call': 'many', 'cut by the kernel': 'segments' })
    .map(([name, way]) => programsOf(name, () => [[built('datagrams'), way]], { expects: ['sent', 'received'] }))
}

const kinds = ['sequential_64k', 'random_4k']
const data = built('data')

export const reads = {
  name: 'reads',
  rounds: [''],
  table: () => 'Files in memory, reads a second: 64 KiB in order, 4 KiB anywhere with 64 in flight',
  label: row => row.measure,
  contenders: [
    programsOf('C', () => [[built('file_reads'), data]], { expects: kinds }),
    programsOf('fs.promises', () => [[process.execPath, peer('fs_reads.mjs'), data]], { expects: kinds }),
    programsOf('Lua', () => [[launcher, join(folder, 'reads/reads.lua'), data]], { ours: true, versus: 'C', expects: kinds }),
    programsOf('TypeScript', () => [[launcher, join(folder, 'reads/reads.ts'), data]], { ours: true, versus: 'fs.promises', expects: kinds })
  ]
}

const whole = built('gigabyte')
const inNode = how => () => [[process.execPath, peer('gigabyte.mjs'), how, whole]]

export const gigabyte = {
  name: 'gigabyte',
  rounds: [''],
  table: () => 'A gigabyte that is in memory, ms to read it in 64 KiB',
  label: row => row.measure,
  contenders: [
    programsOf('dd', inNode('dd'), { expects: ['gigabyte'] }),
    programsOf('fs.promises', inNode('promises'), { expects: ['gigabyte'] }),
    programsOf('ReadStream', inNode('stream'), { expects: ['gigabyte'] }),
    programsOf('Lua', () => [[launcher, join(folder, 'reads/gigabyte.lua'), whole]], { ours: true, versus: 'dd', expects: ['gigabyte'] }),
    programsOf('TypeScript', () => [[launcher, join(folder, 'reads/gigabyte.ts'), whole]], { ours: true, versus: 'dd', expects: ['gigabyte'] })
  ]
}

const jobs = ['jobs_1', 'jobs_2']
const luaActors = ['vms', 'pool_round_trips', 'pool_one_way', 'threads_round_trips', 'threads_one_way', ...jobs]
const workers = ['workers', 'worker_round_trips', 'worker_one_way']
const toWorkers = () => [[process.execPath, peer('worker_threads.mjs')]]
const erlang = (schedulers, part) => ['erl', '-noshell', '+S', schedulers, '-pa', join(folder, 'build'), '-s', 'actors', part, '-s', 'init', 'stop']
const otherLanguages = [
  ...existsSync(built('actors_go')) ? [programsOf('Go', () => [[built('actors_go')]], { expects: luaActors })] : [],
  ...existsSync(built('actors.beam')) ? [programsOf('Erlang', () => [erlang('1', 'pool'), erlang('2', 'threads')], { expects: luaActors })] : []
]

export const actors = {
  name: 'actors',
  rounds: [''],
  table: () => 'Actors begun and ended, round trips, messages one way, and jobs for one or two that compute, a second on the wall clock',
  label: row => row.measure,
  contenders: [
    programsOf('worker_threads', toWorkers, { expects: [...workers, ...jobs] }),
    ...otherLanguages,
    programsOf('Lua', oursIn('actors', '.lua'), { ours: true, expects: luaActors }),
    programsOf('TypeScript', oursIn('actors', '.ts'), { ours: true, versus: 'worker_threads', expects: ['vms', 'lua_round_trips', 'lua_one_way', ...workers, ...jobs] })
  ]
}

const roundTrips = { BENCHMARK_ONLY: 'round_trips' }

/** Who looks out for messages must not lose where others want the processor. */
export const actorsBesideHogs = {
  name: 'actors-beside-hogs',
  rounds: [''],
  table: () => 'Round trips a second on the wall clock, beside a program on each processor that computes',
  label: row => row.measure,
  contenders: [
    programsOf('worker_threads', toWorkers, { variables: roundTrips, expects: ['worker_round_trips'] }),
    programsOf('Lua', oursIn('actors', '.lua'), { variables: roundTrips, ours: true, expects: ['pool_round_trips', 'threads_round_trips'] }),
    programsOf('TypeScript', oursIn('actors', '.ts'), { variables: roundTrips, ours: true, versus: 'worker_threads', expects: ['lua_round_trips', 'worker_round_trips'] })
  ].map(besideHogs)
}

const questions = ['match', 'search_4k', 'split_100']

export const regex = {
  name: 'regex',
  rounds: [''],
  table: () => 'Regular expressions, operations a second',
  label: row => row.measure,
  contenders: [
    programsOf('std::regex', () => [[built('regex')]], { expects: questions }),
    programsOf('JavaScript', () => [[process.execPath, peer('regex.mjs')]], { expects: questions }),
    programsOf('Lua', oursIn('regex', '.lua'), { ours: true, versus: 'std::regex', expects: questions }),
    programsOf('TypeScript', oursIn('regex', '.ts'), { ours: true, versus: 'JavaScript', expects: questions })
  ]
}
