// SPDX-License-Identifier: MIT OR BSL-1.0
// A Duplex a connection, used as peers/net_echo.mjs uses a socket of node:net. Prints "port N".
import { tcp } from '@emilua/ip'
import { toDuplex } from '@emilua/stream/node'

const acceptor = await tcp.listen('127.0.0.1:0')
console.log(`port ${acceptor.localPort}`)

for await (const socket of acceptor) {
  const duplex = toDuplex(socket)
  duplex.on('data', (chunk: Uint8Array) => duplex.write(chunk))
  duplex.on('error', () => duplex.destroy())
}
