// SPDX-License-Identifier: MIT OR BSL-1.0
// The loop of spawn.c in a process of Node: what nobody there is faster than.
import { Buffer } from 'node:buffer'
import { createRequire } from 'node:module'

const heap = Buffer.alloc(Number(process.env.BENCHMARK_HEAP) * 1024 * 1024, 1)
createRequire(import.meta.url)('../build/spawn.node').run()
if (heap.at(-1) !== 1) throw new Error('no heap')
