// SPDX-License-Identifier: MIT OR BSL-1.0
import { ByteSpan } from '@emilua/byte-span'

const least = Number(process.env.BENCHMARK_SECONDS ?? 0.5)

// Calls body(n), which performs n operations, with n doubled until that takes long enough.
function cost (name: string, body: (n: number) => void): void {
  for (let n = 64; ; n *= 2) {
    const begin = performance.now()
    body(n)
    const elapsed = (performance.now() - begin) / 1000
    if (elapsed >= least) {
      console.log(`${name} ${(elapsed / n * 1e9).toFixed(3)} ns`)
      return
    }
  }
}

const span = new ByteSpan(64)
const room = new ByteSpan(0, 64)
const sixteen = ByteSpan.append('0123456789abcdef')
let sink: unknown

cost('byte_span_index', n => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += span[i & 63]
  sink = sum
})

cost('byte_span_sub', n => {
  for (let i = 0; i < n; i++) sink = span.sub(8, 56)
})

cost('byte_span_new_64', n => {
  for (let i = 0; i < n; i++) sink = new ByteSpan(64)
})

cost('byte_span_append', n => {
  for (let i = 0; i < n; i++) sink = room.append(sixteen)
})

if (sink === undefined) throw new Error('nothing was measured')
