// SPDX-License-Identifier: MIT OR BSL-1.0
// Sandboxes: a program, and a Node, in one.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { built, folder, launcher, peer } from '../places.mjs'
import { measure } from '../programs.mjs'

/** Seconds between two. */
const rests = { 'one after the other': 0, 'after a rest': 0.005 }

const contender = (name, command, expects, more) => ({
  name,
  ...more,
  expects,
  open: async () => ({
    run: ({ round, seconds }) => measure(command, {
      variables: { BENCHMARK_SECONDS: String(seconds), BENCHMARK_REST: String(rests[round]) }
    }),
    close: async () => {}
  })
})

const inC = (name, way, expects = ['program']) => contender(name, [built('sandboxes'), way], expects)

const isThere = program => spawnSync(program, ['--version']).error === undefined

const labels = {
  program: '/bin/true in namespaces',
  in_process: '/bin/true on Landlock and seccomp alone',
  node: 'Node, to its first message'
}

export const sandbox = {
  name: 'sandbox',
  rounds: Object.keys(rests),
  table: () => 'Sandboxes, µs from the start to the end',
  label: row => `${labels[row.measure]}, ${row.round}`,
  contenders: [
    inC('posix_spawn', 'posix_spawn'),
    inC('Landlock', 'landlock', ['in_process']),
    inC('unshare', 'unshare'),
    ...isThere('bwrap') ? [inC('bwrap', 'bwrap')] : [],
    inC('C', 'namespaces'),
    inC('C, made ahead', 'ready'),
    inC('C, with its policy', 'ready_policy'),
    contender('child_process', [process.execPath, peer('sandboxes.mjs')], ['program', 'node']),
    contender('Lua', [launcher, join(folder, 'sandbox', 'sandboxes.lua')], ['program', 'in_process'], { ours: true, versus: 'posix_spawn' }),
    contender('TypeScript', [launcher, join(folder, 'sandbox', 'sandboxes.ts')], ['program', 'in_process', 'node'], { ours: true, versus: 'child_process' })
  ]
}
