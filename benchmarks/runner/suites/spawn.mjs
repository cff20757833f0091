// SPDX-License-Identifier: MIT OR BSL-1.0
// Children: how many a second, and how much goes through one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { built, folder, launcher, peer } from '../places.mjs'
import { measure } from '../programs.mjs'

/** MiB of heap. */
const heaps = { 'small': 1, 'a gigabyte of heap': 1024, '16 threads and a gigabyte of heap': 1024 }
const threads = { '16 threads and a gigabyte of heap': 16 }

const contender = (name, command, expects, more) => ({
  name,
  ...more,
  expects,
  open: async () => ({
    run: ({ round, seconds }) => measure(command, {
      variables: {
        BENCHMARK_SECONDS: String(seconds / 2), BENCHMARK_HEAP: String(heaps[round] ?? 1), BENCHMARK_THREADS: String(threads[round] ?? 1)
      }
    }),
    close: async () => {}
  })
})

const contenders = (what, expects) => [
  contender('posix_spawn', [built('spawn'), what], expects),
  contender('child_process', [process.execPath, peer('spawn.mjs'), what], expects),
  ...existsSync(built('spawn_go')) ? [contender('Go', [built('spawn_go'), what], expects)] : [],
  contender('Lua', [launcher, join(folder, 'spawn', what === 'cat' ? 'cat.lua' : 'spawn.lua')], expects, { ours: true, versus: 'posix_spawn' }),
  contender('TypeScript', [launcher, join(folder, 'spawn', what === 'cat' ? 'cat.ts' : 'spawn.ts')], expects, { ours: true, versus: 'child_process' })
]

const labels = { spawn_1: 'one after the other', spawn_8: '8 in flight' }

export const spawn = {
  name: 'spawn',
  rounds: ['small', 'a gigabyte of heap'],
  table: () => 'Children, /bin/true spawned and waited for, a second',
  label: row => `${row.round}, ${labels[row.measure]}`,
  contenders: contenders('true', Object.keys(labels)).toSpliced(2, 0,
    contender('posix_spawn in Node', [process.execPath, peer('spawn_in_node.mjs')], Object.keys(labels)))
}

export const cat = {
  name: 'cat',
  rounds: [''],
  table: () => 'Through `cat` and back, MB a second',
  label: () => 'cat',
  contenders: contenders('cat', ['cat'])
}

const launches = { launch_call: 'until the call returns', launch_end: 'until the child is reaped' }

/** The ways to start a child that the launcher could take, and the launcher. */
export const launchers = {
  name: 'launchers',
  rounds: ['small', '16 threads and a gigabyte of heap'],
  table: () => 'Ways to start /bin/true, µs',
  label: row => `${row.round}, ${launches[row.measure]}`,
  contenders: [
    ...Object.entries({ 'posix_spawn': 'posix_spawn', 'memory shared': 'shared', 'memory copied': 'copy', 'a server': 'server' })
      .map(([name, way]) => contender(name, [built('launchers'), way], Object.keys(launches))),
    contender('Lua', [launcher, join(folder, 'spawn', 'launchers.lua')], Object.keys(launches), { ours: true, versus: 'posix_spawn' })
  ]
}

const starts = { bare: 'a process', isolated: 'a process in six namespaces' }
const messages = { round_trips: 'round trips', one_way: 'one way' }

/** Actors in processes of their own, to their first message; beside programs that do nothing, to their end. */
export const processes = {
  name: 'processes',
  rounds: [''],
  table: row => row.measure in starts ? 'Actors in processes of their own, µs to the first message' : 'Messages between processes, a second',
  label: row => ({ ...starts, ...messages })[row.measure],
  contenders: [
    contender('posix_spawn', [built('processes')], ['bare', 'isolated', 'round_trips']),
    contender('C, fork server', [built('processes'), 'server'], ['bare']),
    contender('C, made ahead', [built('processes'), 'ready'], ['bare']),
    contender('Lua', [launcher, join(folder, 'processes', 'processes.lua')], ['bare', 'isolated', 'round_trips', 'one_way'], { ours: true, versus: 'posix_spawn' })
  ]
}
