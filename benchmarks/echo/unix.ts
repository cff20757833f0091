// SPDX-License-Identifier: MIT OR BSL-1.0
// Echo over UNIX sockets of the kind that the last argument names: "stream", "datagram", or "descriptors", which go
// back with the bytes they came with. Prints "port N"; its name is that of N.
import { spawn } from '@emilua/runtime'
import { writeAll } from '@emilua/stream'
import { datagram, stream } from '@emilua/unix'

const kind = process.argv.at(-1)
const bufferSize = 16384
const name = `emilua-benchmark-${process.pid}`

async function serveStream (socket: stream.Socket): Promise<void> {
  const buffer = new Uint8Array(bufferSize)
  for (;;) {
    const n = await socket.readSome(buffer)
    await writeAll(socket, buffer.subarray(0, n))
  }
}

async function serveDescriptors (socket: stream.Socket): Promise<void> {
  const buffer = new Uint8Array(bufferSize)
  for (;;) {
    const { size, fds } = await socket.receiveWithFds(buffer, 1)
    await socket.sendWithFds(buffer.subarray(0, size), fds)
    fds[0]!.close()
  }
}

if (kind === 'datagram') {
  const socket = new datagram.Socket()
  socket.bind(`\0${name}`)
  console.log(`port ${process.pid}`)
  const buffer = new Uint8Array(bufferSize)
  for (;;) {
    const { size, path } = await socket.receiveFrom(buffer)
    await socket.sendTo(buffer.subarray(0, size), path).catch(() => {}) // its client may have gone
  }
}

const serve = kind === 'stream' ? serveStream : serveDescriptors
const acceptor = stream.listen(`@${name}`)
console.log(`port ${process.pid}`)
for await (const socket of acceptor) {
  spawn(async () => {
    try {
      await serve(socket)
    } catch {
      // A peer that goes away ends its fiber: the end of the stream is an error.
    } finally {
      socket.close()
    }
  }).detach()
}
