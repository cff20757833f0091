// SPDX-License-Identifier: MIT OR BSL-1.0
import { compliesAsDuplex, compliesAsStream } from '@emilua/stream/compliance'
import { MemoryStream } from './memory.js'

for (const capacity of [1000, 1 << 22]) {
  const make = (): { writer: MemoryStream, reader: MemoryStream } => {
    const [writer, reader] = MemoryStream.pair(capacity)
    return { writer, reader }
  }
  compliesAsStream(`a stream in memory (${capacity} bytes)`, make)
  compliesAsDuplex(`a connection in memory (${capacity} bytes)`, make)
}
