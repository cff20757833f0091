// SPDX-License-Identifier: MIT OR BSL-1.0
// A fiber a connection: what is read is written back. Prints "port N".
import { tcp } from '@emilua/ip'
import { spawn } from '@emilua/runtime'
import { writeAll } from '@emilua/stream'

const acceptor = await tcp.listen('127.0.0.1:0')
console.log(`port ${acceptor.localPort}`)

for await (const socket of acceptor) {
  spawn(async () => {
    socket.setOption('tcp_no_delay', true)
    const buffer = new Uint8Array(16384)
    try {
      for (;;) {
        const n = await socket.readSome(buffer)
        await writeAll(socket, buffer.subarray(0, n))
      }
    } catch {
      // A peer that goes away ends its fiber: the end of the stream is an error.
    } finally {
      socket.close()
    }
  }).detach()
}
