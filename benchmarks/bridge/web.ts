// SPDX-License-Identifier: MIT OR BSL-1.0
// A server of HTTP, over net or over the bridge; its answers are small, or have 16 KiB.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tcp } from '@emilua/ip'
import { serve } from '@emilua/stream/node'

process.stdin.resume().once('end', () => process.exit())
const large = Buffer.alloc(16384, 'x')
const server = http.createServer((request, response) => { response.end(request.url === '/large' ? large : 'small') })
if (process.argv[2] === 'net') {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  console.log('port', (server.address() as AddressInfo).port)
} else {
  const acceptor = await tcp.listen('127.0.0.1:0')
  console.log('port', acceptor.localPort)
  await serve(server, acceptor)
}
