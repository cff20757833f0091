// SPDX-License-Identifier: MIT OR BSL-1.0
// node:net in its fastest natural form: no stream pipeline, each chunk written back. Prints "port N".
import { createServer } from 'node:net'

const server = createServer({ noDelay: true }, socket => {
  socket.on('data', chunk => socket.write(chunk))
  socket.on('error', () => socket.destroy())
})
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => console.log(`port ${server.address().port}`))
