// SPDX-License-Identifier: MIT OR BSL-1.0
import { ByteSpan } from '@emilua/byte-span'
import { cost } from '../measure/measure.mjs'

const span = new ByteSpan(64)
const room = new ByteSpan(0, 64)
const sixteen = ByteSpan.append('0123456789abcdef')
let sink: unknown

await cost('byte_span_index', n => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += span[i & 63]
  sink = sum
})

await cost('byte_span_sub', n => {
  for (let i = 0; i < n; i++) sink = span.sub(8, 56)
})

await cost('byte_span_new_64', n => {
  for (let i = 0; i < n; i++) sink = new ByteSpan(64)
})

await cost('byte_span_append', n => {
  for (let i = 0; i < n; i++) sink = room.append(sixteen)
})

if (sink === undefined) throw new Error('nothing was measured')
