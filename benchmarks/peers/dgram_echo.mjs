// SPDX-License-Identifier: MIT OR BSL-1.0
// node:dgram in its natural form. Prints "port N".
import { createSocket } from 'node:dgram'

const socket = createSocket('udp4')
socket.on('message', (message, { address, port }) => { socket.send(message, port, address) })
socket.bind(0, '127.0.0.1', () => { console.log(`port ${socket.address().port}`) })
