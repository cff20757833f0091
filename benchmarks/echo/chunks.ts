// SPDX-License-Identifier: MIT OR BSL-1.0
// A fiber a connection, which takes what it reads chunk by chunk and writes it back. Prints "port N".
import { tcp } from '@emilua/ip'
import { spawn } from '@emilua/runtime'
import { writeAll } from '@emilua/stream'

const acceptor = await tcp.listen('127.0.0.1:0')
console.log(`port ${acceptor.localPort}`)

for await (const socket of acceptor) {
  spawn(async () => {
    socket.setOption('tcp_no_delay', true)
    try {
      for await (const chunk of socket) await writeAll(socket, chunk)
    } catch {
      // A peer that goes away ends its fiber.
    } finally {
      socket.close()
    }
  }).detach()
}
