// SPDX-License-Identifier: MIT OR BSL-1.0
import { type ChildProcess, spawn } from 'node:child_process'
import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../..', import.meta.url))
const env = { ...process.env, EMILUA_NO_BUILD: '1' }

export async function freePort (): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** What a client speaks over a connection. */
type Speak = (connection: Socket) => Socket

export const plainly: Speak = connection => connection
/** Over TLS, whoever the server is. */
export const encrypted: Speak = socket => connectTls({ socket, rejectUnauthorized: false })

/** What the server at `port` answers to the line `text`, in lower case. */
export function answer (port: number, text: string, speak = plainly): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = speak(connect(port, '127.0.0.1'))
    socket.write(`${text}\n`)
    socket.on('data', data => { resolve(String(data).trim().toLowerCase()); socket.destroy() })
    socket.on('error', reject)
  })
}

/** Resolves once the server has seen the end, or the reset, of the connection, and closed its side. */
function hungUp (port: number, how: 'end' | 'reset', speak: Speak): Promise<void> {
  return new Promise((resolve, reject) => {
    const connection = connect(port, '127.0.0.1')
    const socket = speak(connection)
    socket.write('bye\n')
    socket.once('data', () => {
      if (how === 'end') socket.end()
      else connection.resetAndDestroy()
    })
    socket.on('close', () => resolve())
    socket.on('error', reject)
  })
}

async function listening (port: number, child: ChildProcess, speak: Speak): Promise<string> {
  while (child.exitCode === null) {
    try { return await answer(port, 'ping', speak) } catch { /* it has not come up yet */ }
  }
  throw new Error('the server ended')
}

/**
 * Fails unless the server in the file at `path` serves all the same when clients vanish, or come in numbers beyond its
 * descriptors, and says nothing but lines that look like `complaints`, of handshakes that did not come to their end.
 */
export async function servesOn (path: string, port: number, speak = plainly, complaints = /^\b$/): Promise<void> {
  const child = spawn('sh', ['-c', 'ulimit -n 60; exec "$0" "$1"', join(root, 'emilua'), path], { env, cwd: dirname(path), stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', data => { said += String(data) })
  const ended = new Promise(resolve => child.on('close', resolve))
  try {
    expect(await listening(port, child, speak)).equal('ping')
    await hungUp(port, 'reset', speak)
    await hungUp(port, 'end', speak)
    // By now the server has read of the first one's end.
    expect(await answer(port, 'pong', speak)).equal('pong')
    const burst = Array.from({ length: 100 }, () => connect(port, '127.0.0.1'))
    await Promise.all(burst.map(socket => new Promise(resolve => socket.once('connect', resolve))))
    const last = answer(port, 'last', speak)
    for (const socket of burst) socket.destroy()
    expect(await last).equal('last')
    for (let i = 0; i < 300; i++) expect(await answer(port, 'ping', speak)).equal('ping')
  } catch (error) {
    throw said ? new Error(said, { cause: error }) : error
  } finally {
    child.kill()
    await ended
  }
  expect(said.split('\n').filter(line => line !== '' && !complaints.test(line))).deep.equal([])
}
