// SPDX-License-Identifier: MIT OR BSL-1.0
// Sends back what it is sent, a fiber a connection. Ctrl+C ends it: the
// acceptor closes, the connections are canceled, and the program ends when the
// last of them has cleaned up.
//
//   ./emilua examples/echo-server.ts -- 127.0.0.1:7000
import { tcp } from '@emilua/ip'
import { type Fiber, spawn } from '@emilua/runtime'
import { writeAll } from '@emilua/stream'
import { signal } from '@emilua/system'

await using acceptor = await tcp.listen(process.argv[2] ?? '127.0.0.1:7000')
const connections = new Set<Fiber<void>>()

async function serve (socket: tcp.Socket): Promise<void> {
  const buffer = new Uint8Array(16384)
  try {
    for (;;) {
      const n = await socket.readSome(buffer)
      await writeAll(socket, buffer.subarray(0, n))
    }
  } catch {
    // The end of the stream, or a peer that is gone: not our failure.
  } finally {
    socket.close()
  }
}

const server = spawn(async () => {
  for await (const socket of acceptor) {
    const connection = spawn(() => serve(socket))
    connections.add(connection)
    void connection.join().catch(() => {}).finally(() => connections.delete(connection))
  }
})

console.log(`listening on ${acceptor.localAddress}:${acceptor.localPort}`)

const interrupted = new signal.Set(signal.SIGINT, signal.SIGTERM)
await interrupted.wait()
console.log('closing')
server.cancel()
for (const connection of connections) connection.cancel()
await Promise.allSettled([server.join(), ...[...connections].map(connection => connection.join())])
