// SPDX-License-Identifier: MIT OR BSL-1.0
// What it costs to be there: memory of a parked fiber, time and memory of a VM and of a program that says hello.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { built, executable, folder, launcher } from '../places.mjs'
import { measure, stay } from '../programs.mjs'

function residentBytes (pid) {
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
}

async function residentWhenParked (command, count) {
  const program = await stay(command, 'parked', { variables: { BENCHMARK_PARKED: String(count) } })
  try {
    return residentBytes(program.pid)
  } finally {
    await program.stop()
  }
}

const parking = (name, command, more) => ({
  name,
  ...more,
  expects: ['parked'],
  open: async () => ({
    async run ({ seconds }) {
      const count = seconds < 0.1 ? 10_000 : 100_000
      const bytes = await residentWhenParked(command, count) - await residentWhenParked(command, 0)
      return new Map([['parked', { value: bytes / count, unit: 'B' }]])
    },
    close: async () => {}
  })
})

export const memory = {
  name: 'memory',
  rounds: [''],
  table: () => 'Memory of a parked fiber, bytes',
  label: row => row.measure,
  contenders: [
    parking('raw LuaJIT', ['luajit', join(folder, 'memory/parked_coroutines.lua')]),
    parking('async+ALS', [process.execPath, join(folder, 'memory/parked_async_functions.mjs')]),
    parking('Lua', [launcher, join(folder, 'memory/parked.lua')], { ours: true, versus: 'raw LuaJIT' }),
    parking('TypeScript', [launcher, join(folder, 'memory/parked.ts')], { ours: true, versus: 'async+ALS' })
  ]
}

const vmTitles = { vm_time: 'from creation to end, CPU µs', vm_memory: 'waiting, KiB' }

/** A VM more in a process: what it takes to make and end one, and what one holds that stays. */
const addingVms = (name, { ended, waiting }, more) => ({
  name,
  ...more,
  expects: Object.keys(vmTitles),
  open: async () => ({
    async run ({ seconds }) {
      const time = (await measure(ended, { variables: { BENCHMARK_SECONDS: String(seconds / 2) } })).get('vm_time')
      const count = seconds < 0.1 ? 100 : 1000
      const bytes = await residentWhenParked(waiting, count) - await residentWhenParked(waiting, 0)
      return new Map([
        ['vm_time', { value: time.value / 1000, unit: 'µs' }],
        ['vm_memory', { value: bytes / 1024 / count, unit: 'KiB' }]
      ])
    },
    close: async () => {}
  })
})

const states = [built('lua_states')]
const lua = file => [launcher, join(folder, 'vm', file)]

export const vm = {
  name: 'vm',
  rounds: [''],
  table: () => 'Another VM in the process',
  label: row => vmTitles[row.measure],
  contenders: [
    addingVms('lua_State', { ended: states, waiting: states }),
    addingVms('Lua', { ended: lua('ended.lua'), waiting: lua('waiting.lua') }, { ours: true, versus: 'lua_State' })
  ]
}

const titles = { start_up_time: 'time, ms', start_up_cpu: 'CPU, ms', start_up_memory: 'peak memory, MiB' }

const starting = (name, command, more) => ({
  name,
  ...more,
  expects: Object.keys(titles),
  open: async () => ({
    run: ({ seconds }) => measure([built('start_up'), String(Math.ceil(seconds * 11)), ...command]),
    close: async () => {}
  })
})

// As published packages are: one file each.
const asPublished = [process.execPath, '--conditions=bundled']
const importing = name => join(folder, `start-up/${name}.mjs`)

export const imports = {
  name: 'import',
  rounds: [''],
  table: () => 'A program that imports a package and ends, from spawn to exit',
  label: row => titles[row.measure],
  contenders: [
    starting('empty', [...asPublished, importing('empty')]),
    starting('@emilua/ip', [...asPublished, importing('ip')], { ours: true, versus: 'empty' })
  ]
}

const hello = suffix => join(folder, `start-up/hello.${suffix}`)

export const startUp = {
  name: 'start-up',
  rounds: [''],
  table: () => 'A program that says hello, from spawn to exit',
  label: row => titles[row.measure],
  contenders: [
    starting('C', [built('hello')]),
    starting('luajit', ['luajit', hello('lua')]),
    starting('node', [process.execPath, hello('mjs')]),
    starting('Lua', [executable, hello('lua')], { ours: true, versus: 'luajit' }),
    starting('./emilua Lua', [launcher, hello('lua')], { ours: true, versus: 'luajit' }),
    starting('TypeScript', [launcher, hello('ts')], { ours: true, versus: 'node' })
  ]
}
