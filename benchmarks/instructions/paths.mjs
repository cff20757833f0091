// SPDX-License-Identifier: MIT OR BSL-1.0
// The hot paths whose instructions are counted, and how often each is gone along: the more often, the less a few of the
// collector's rounds matter. `fewer` and `more` operations are run, and their difference is what is counted.
import { join } from 'node:path'
import { folder } from '../runner/places.mjs'

const measured = (language, file, measure, fewer, more) =>
  ({ name: `${language} ${measure}`, language, program: join(folder, file), measure, fewer, more })
// Of a file that make writes.
const reads = (language, file, measure, fewer, more) => ({ ...measured(language, file, measure, fewer, more), data: true })
// Of 64 bytes: what is larger arrives in pieces, now more and now fewer.
const echo = (language, file, fewer, more) => ({ name: `${language} echo`, language, program: join(folder, file), fewer, more })
const echoOver = (over, language, file, fewer, more) =>
  ({ ...echo(language, file, fewer, more), name: `${language} ${over} echo`, over })
const echoBy = (what, file, fewer, more) => ({ ...echo('TypeScript', file, fewer, more), name: `TypeScript echo by ${what}` })

export const paths = [
  measured('Lua', 'fibers/spawn.lua', 'spawn_join', 5_000, 55_000),
  measured('Lua', 'fibers/yield.lua', 'yield_2', 10_000, 110_000),
  measured('Lua', 'fibers/yield.lua', 'yield_100', 10_000, 110_000),
  measured('Lua', 'fibers/mutex.lua', 'mutex', 10_000, 110_000),
  measured('Lua', 'fibers/mutex.lua', 'mutex_contended', 10_000, 110_000),
  measured('Lua', 'fibers/condition.lua', 'condition', 10_000, 60_000),
  measured('Lua', 'fibers/sleep.lua', 'sleep_0', 10_000, 60_000),
  measured('Lua', 'vm/ended.lua', 'vm_time', 50, 250),
  measured('Lua', 'actors/actors.lua', 'pool_round_trips', 10_000, 60_000),
  measured('Lua', 'actors/actors.lua', 'pool_one_way', 10_000, 60_000),
  echo('Lua', 'echo/echo.lua', 4_000, 24_000),
  echoOver('datagram', 'Lua', 'echo/unix.lua', 4_000, 24_000),
  echoOver('descriptors', 'Lua', 'echo/unix.lua', 4_000, 24_000),
  echoOver('udp', 'Lua', 'echo/udp.lua', 4_000, 24_000),
  reads('Lua', 'reads/reads.lua', 'random_4k', 5_000, 55_000),
  measured('TypeScript', 'fibers-typescript/spawn.ts', 'spawn_join', 20_000, 170_000),
  measured('TypeScript', 'fibers-typescript/yield.ts', 'yield_100', 20_000, 170_000),
  measured('TypeScript', 'fibers-typescript/mutex.ts', 'mutex', 20_000, 320_000),
  echo('TypeScript', 'echo/echo.ts', 10_000, 50_000),
  echoBy('chunks', 'echo/chunks.ts', 10_000, 50_000),
  echoBy('a Duplex', 'echo/duplex.ts', 10_000, 50_000),
  echoOver('datagram', 'TypeScript', 'echo/unix.ts', 10_000, 50_000),
  echoOver('descriptors', 'TypeScript', 'echo/unix.ts', 10_000, 50_000),
  echoOver('udp', 'TypeScript', 'echo/udp.ts', 10_000, 50_000),
  reads('TypeScript', 'reads/reads.ts', 'sequential_64k', 10_000, 50_000),
  reads('TypeScript', 'reads/reads.ts', 'random_4k', 20_000, 120_000)
]
