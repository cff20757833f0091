// SPDX-License-Identifier: MIT OR BSL-1.0
// The peer of ByteSpan: what Node has for bytes.
import { cost } from '../measure/measure.mjs'

const bytes = new Uint8Array(64)
let sink

await cost('byte_span_index', n => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += bytes[i & 63]
  sink = sum
})

await cost('byte_span_sub', n => {
  for (let i = 0; i < n; i++) sink = bytes.subarray(8, 56)
})

await cost('byte_span_new_64', n => {
  for (let i = 0; i < n; i++) sink = new Uint8Array(64)
})

if (sink === undefined) throw new Error('nothing was measured')
