// SPDX-License-Identifier: MIT OR BSL-1.0
/* global Bun */
// bun in its fastest form: its own API of callbacks. What the socket does not take at once is kept. Prints "port N".
const server = Bun.listen({
  hostname: '127.0.0.1',
  port: 0,
  socket: {
    open (socket) {
      socket.data = []
      socket.setNoDelay(true)
    },
    data (socket, chunk) {
      const waiting = socket.data
      const written = waiting.length > 0 ? 0 : socket.write(chunk)
      if (written < chunk.length) waiting.push(Uint8Array.prototype.slice.call(chunk, Math.max(written, 0)))
    },
    drain (socket) {
      const waiting = socket.data
      while (waiting.length > 0) {
        const written = socket.write(waiting[0])
        if (written < waiting[0].length) {
          waiting[0] = waiting[0].subarray(Math.max(written, 0))
          return
        }
        waiting.shift()
      }
    }
  }
})
console.log(`port ${server.port}`)
