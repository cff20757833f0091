// SPDX-License-Identifier: MIT OR BSL-1.0
// The least that an echo costs whose reads are promises: no buffer is checked, nothing can be canceled or closed, no
// error told. With "stores" each connection has an AsyncLocalStorage, as a fiber has. Prints "port N".
import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'

const native = createRequire(import.meta.url)('../build/least_promises.node')
const kinds = process.argv.slice(2)
const stores = kinds.includes('stores') ? new AsyncLocalStorage() : undefined
const resumes = []
const ready = new Int32Array(257)
native.start(ready, () => {
  for (let i = 1, end = ready[0]; i <= end; ++i) resumes[ready[i]]()
})

const readable = fd => new Promise(resolve => { resumes[fd] = resolve })

async function serve (fd) {
  const buffer = new Uint8Array(16384)
  for (;;) {
    await readable(fd)
    const n = native.receive(fd, buffer)
    if (n <= 0) return
    native.send(fd, buffer, n)
  }
}

// The descriptor is Node's, which only accepts and never reads.
const server = createServer({ noDelay: true, pauseOnConnect: true }, socket => {
  const { fd } = socket._handle
  socket.on('error', () => {})
  const start = () => { serve(fd).then(() => socket.destroy()) }
  if (stores) stores.run({}, start)
  else start()
  native.watch(fd)
})
const place = kinds.includes('stream') ? { path: `\0emilua-benchmark-${process.pid}` } : { host: '127.0.0.1', port: 0 }
server.listen({ ...place, backlog: 4096 }, () => console.log(`port ${server.address().port ?? process.pid}`))
