// SPDX-License-Identifier: MIT OR BSL-1.0
// The least that an echo costs whose reads and writes are awaited: no buffer is checked, nothing can be canceled or
// closed, no error told, nobody learns who sent a datagram. With "stores" each connection has an AsyncLocalStorage, as a
// fiber has. Over TCP; with "stream", "datagram" or "udp" over those, with "tls", a certificate and a key TLS over TCP.
// Prints "port N".
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
    await native.send(fd, buffer, n)
  }
}

async function serveTls (fd) {
  const buffer = new Uint8Array(16384)
  for (;;) {
    await readable(fd)
    // The client waits for its answer: nothing is there behind a record.
    const n = native.receiveTls(fd, buffer)
    if (n < 0) return
    if (n > 0) await native.sendTls(fd, buffer, n)
  }
}

async function serveDatagrams (fd) {
  const buffer = new Uint8Array(16384)
  for (;;) {
    // Also what is there is given by a promise.
    const n = await native.receiveFrom(fd, buffer)
    if (n < 0) await readable(fd)
    else await native.sendBack(fd, buffer, n)
  }
}

const inStore = start => stores ? stores.run({}, start) : start()

// The descriptor is Node's, which only accepts and never reads.
function listen (place, serve, begin = () => {}, end = () => {}) {
  const server = createServer({ noDelay: true, pauseOnConnect: true }, socket => {
    const { fd } = socket._handle
    socket.on('error', () => {})
    begin(fd)
    inStore(() => {
      serve(fd).then(() => {
        end(fd)
        socket.destroy()
      })
    })
    native.watch(fd)
  })
  server.listen({ ...place, backlog: 4096 }, () => console.log(`port ${server.address().port ?? process.pid}`))
}

function receive (fd, number) {
  inStore(() => { serveDatagrams(fd) })
  native.watch(fd)
  console.log(`port ${number(fd)}`)
}

const loopback = { host: '127.0.0.1', port: 0 }
if (kinds.includes('udp')) {
  receive(native.udp(), native.port)
} else if (kinds.includes('datagram')) {
  receive(native.unixDatagram(), () => process.pid)
} else if (kinds.includes('tls')) {
  native.useIdentity(...kinds.slice(-2))
  listen(loopback, serveTls, native.beginTls, native.endTls)
} else {
  listen(kinds.includes('stream') ? { path: `\0emilua-benchmark-${process.pid}` } : loopback, serve)
}
