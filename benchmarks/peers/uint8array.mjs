// SPDX-License-Identifier: MIT OR BSL-1.0
// The peer of ByteSpan: what Node has for bytes.
const least = Number(process.env.BENCHMARK_SECONDS ?? 0.5)

function cost (name, body) {
  for (let n = 64; ; n *= 2) {
    const begin = performance.now()
    body(n)
    const elapsed = (performance.now() - begin) / 1000
    if (elapsed >= least) return console.log(`${name} ${(elapsed / n * 1e9).toFixed(3)} ns`)
  }
}

const bytes = new Uint8Array(64)
let sink

cost('byte_span_index', n => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += bytes[i & 63]
  sink = sum
})

cost('byte_span_sub', n => {
  for (let i = 0; i < n; i++) sink = bytes.subarray(8, 56)
})

cost('byte_span_new_64', n => {
  for (let i = 0; i < n; i++) sink = new Uint8Array(64)
})

if (sink === undefined) throw new Error('nothing was measured')
