// SPDX-License-Identifier: MIT OR BSL-1.0
import { type ChildProcess, spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
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

/** What the server at `port` answers to the line `text`, in lower case. */
export function answer (port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${text}\n`))
    socket.on('data', data => { resolve(String(data).trim().toLowerCase()); socket.destroy() })
    socket.on('error', reject)
  })
}

/** Resolves once the server has seen the end, or the reset, of the connection, and closed its side. */
function hungUp (port: number, how: 'end' | 'reset'): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('bye\n'))
    socket.once('data', () => {
      if (how === 'end') socket.end()
      else socket.resetAndDestroy()
    })
    socket.on('close', () => resolve())
    socket.on('error', reject)
  })
}

async function listening (port: number, child: ChildProcess): Promise<string> {
  while (child.exitCode === null) {
    try { return await answer(port, 'ping') } catch { /* it has not come up yet */ }
  }
  throw new Error('the server ended')
}

/** Fails unless the server in the file at `path` serves all the same when clients vanish, or come in numbers beyond its descriptors, and says nothing of them. */
export async function servesOn (path: string, port: number): Promise<void> {
  const child = spawn('sh', ['-c', 'ulimit -n 60; exec "$0" "$1"', join(root, 'emilua'), path], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', data => { said += String(data) })
  const ended = new Promise(resolve => child.on('close', resolve))
  try {
    expect(await listening(port, child)).equal('ping')
    await hungUp(port, 'reset')
    await hungUp(port, 'end')
    // By now the server has read of the first one's end.
    expect(await answer(port, 'pong')).equal('pong')
    const burst = Array.from({ length: 100 }, () => connect(port, '127.0.0.1'))
    await Promise.all(burst.map(socket => new Promise(resolve => socket.once('connect', resolve))))
    const last = new Promise(resolve => burst.at(-1)!.once('data', resolve).write('last\n'))
    for (const socket of burst.slice(0, -1)) socket.destroy()
    expect(String(await last).trim().toLowerCase()).equal('last')
    burst.at(-1)!.destroy()
    for (let i = 0; i < 300; i++) expect(await answer(port, 'ping')).equal('ping')
  } catch (error) {
    throw said ? new Error(said, { cause: error }) : error
  } finally {
    child.kill()
    await ended
  }
  expect(said).equal('')
}
