// SPDX-License-Identifier: MIT OR BSL-1.0
// node:net in its fastest natural form: no stream pipeline, each chunk written back. Prints "port N"; with the argument
// "stream" it listens under the abstract UNIX name of N.
import { createServer } from 'node:net'

const server = createServer({ noDelay: true }, socket => {
  socket.on('data', chunk => socket.write(chunk))
  socket.on('error', () => socket.destroy())
})
const place = process.argv[2] === 'stream' ? { path: `\0emilua-benchmark-${process.pid}` } : { host: '127.0.0.1', port: 0 }
server.listen({ ...place, backlog: 4096 }, () => console.log(`port ${server.address().port ?? process.pid}`))
