// SPDX-License-Identifier: MIT OR BSL-1.0
// node:tls in its fastest natural form: no stream pipeline, each chunk written back. Prints "port N".
// usage: tls_echo.mjs CERTIFICATE KEY
import { readFileSync } from 'node:fs'
import { createServer } from 'node:tls'

const [cert, key] = process.argv.slice(2).map(path => readFileSync(path))
const server = createServer({ cert, key, noDelay: true }, socket => {
  socket.on('data', chunk => socket.write(chunk))
  socket.on('error', () => socket.destroy())
})
server.on('tlsClientError', () => {})
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => console.log(`port ${server.address().port}`))
