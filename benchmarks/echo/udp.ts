// SPDX-License-Identifier: MIT OR BSL-1.0
// Answers each datagram with it. Prints "port N".
import { udp } from '@emilua/ip'

const socket = new udp.Socket()
socket.bind('127.0.0.1', 0)
console.log(`port ${socket.localPort}`)

const buffer = new Uint8Array(16384)
for (;;) {
  const { size, address, port } = await socket.receiveFrom(buffer)
  try {
    await socket.sendTo(buffer.subarray(0, size), address, port)
  } catch {
    // Its client may have gone.
  }
}
