// SPDX-License-Identifier: MIT OR BSL-1.0
// A fiber a connection: what is read is written back. Prints "port N". Arguments: certificate, key.
import { tcp } from '@emilua/ip'
import { spawn } from '@emilua/runtime'
import { writeAll } from '@emilua/stream'
import * as tls from '@emilua/tls'

const context = new tls.Context('tls_server')
context.useCertificateChainFile(process.argv[2]!)
context.usePrivateKeyFile(process.argv[3]!, 'pem')
const acceptor = await tcp.listen('127.0.0.1:0')
console.log(`port ${acceptor.localPort}`)

for await (const connection of acceptor) {
  spawn(async () => {
    connection.setOption('tcp_no_delay', true)
    const socket = new tls.Socket(connection, context)
    try {
      await socket.serverHandshake()
      const buffer = new Uint8Array(16384)
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
