// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync, openSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { cert, key } from '../certificate.js'

/** A server of a database on 127.0.0.1, in a folder of its own that goes with it. */
export interface Service {
  port: number
  /** Where it speaks TLS from the first byte, if it does. */
  tlsPort: number
  /** What belongs to it, the UNIX sockets of PostgreSQL and redis among it. */
  folder: string
  stop (): Promise<void>
}

const isRoot = userInfo().uid === 0

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** The first of `paths` that is there. */
function program (...paths: string[]): string {
  const found = paths.find(path => existsSync(path))
  if (found === undefined) throw new Error(`${paths[0]} is not installed: setup/install $(sed '1,/^checks$/d' setup/packages)`)
  return found
}

/** Makes a folder that belongs to `user`, with certificate and key; none of these servers likes to be root. */
function folderOf (user: string): { folder: string, ids: { uid?: number, gid?: number } } {
  const folder = mkdtempSync(join(tmpdir(), 'emilua-database-'))
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key)
  mkdirSync(join(folder, 'data'))
  if (!isRoot) return { folder, ids: {} }
  const [, uid, gid] = new RegExp(`^${user}:[^:]*:(\\d+):(\\d+):`, 'm').exec(readFileSync('/etc/passwd', 'utf8'))!.map(Number)
  for (const path of ['', 'cert.pem', 'key.pem', 'data']) chownSync(join(folder, path), uid!, gid!)
  chmodSync(join(folder, 'key.pem'), 0o600)
  return { folder, ids: { uid: uid!, gid: gid! } }
}

/** Until it listens and, where it listens before it is ready, has said so in its log. */
async function answers (port: number, child: ChildProcess, log: string, ready: string): Promise<void> {
  for (const begun = Date.now(); ;) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      if (!readFileSync(log, 'utf8').includes(ready)) throw new Error('not yet')
      return
    } catch {
      if (child.exitCode !== null || Date.now() - begun > 60_000) throw new Error(`it does not start:\n${readFileSync(log, 'utf8')}`)
      await new Promise(resolve => setTimeout(resolve, 50))
    } finally {
      socket.destroy()
    }
  }
}

async function start (user: string, prepare: (folder: string, ids: object) => void, command: (folder: string, port: number, tlsPort: number) => string[], ready = ''): Promise<Service> {
  const { folder, ids } = folderOf(user)
  prepare(folder, ids)
  const [port, tlsPort] = [await freePort(), await freePort()]
  const log = join(folder, 'log')
  const output = openSync(log, 'a')
  const [file, ...words] = command(folder, port, tlsPort)
  const child = spawn(file!, words, { ...ids, cwd: folder, stdio: ['ignore', output, output] })
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await answers(port, child, log, ready)
  } catch (error) {
    await stop()
    throw error
  }
  return { port, tlsPort, folder, stop }
}

/** User `postgres`, no password; speaks TLS when asked. */
export function startPostgres (): Promise<Service> {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : []
  const bin = (name: string): string => program(...versions.map(version => `/usr/lib/postgresql/${version}/bin/${name}`), `/usr/lib/postgresql/15/bin/${name}`)
  return start('postgres', (folder, ids) => {
    execFileSync(bin('initdb'), ['--auth=trust', '--username=postgres', '--no-sync', '--encoding=UTF8', '--no-locale', join(folder, 'data')], { ...ids, cwd: folder, stdio: 'pipe' })
  }, (folder, port) => [
    bin('postgres'), '-D', join(folder, 'data'), '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off',
    '-c', 'ssl=on', '-c', `ssl_cert_file=${folder}/cert.pem`, '-c', `ssl_key_file=${folder}/key.pem`
  ], 'ready to accept connections')
}

/** No password. */
export function startRedis (): Promise<Service> {
  return start('redis', () => {}, (folder, port, tlsPort) => [
    program('/usr/bin/redis-server'), '--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no',
    '--unixsocket', join(folder, 'redis.sock'),
    '--tls-port', String(tlsPort), '--tls-cert-file', 'cert.pem', '--tls-key-file', 'key.pem', '--tls-ca-cert-file', 'cert.pem', '--tls-auth-clients', 'no'
  ])
}

/** User `root`, no password, a database `test`. */
export function startMariadb (): Promise<Service> {
  return start('mysql', (folder, ids) => {
    execFileSync(program('/usr/bin/mariadb-install-db'), [
      '--no-defaults', `--datadir=${folder}/data`, '--auth-root-authentication-method=normal'
    ], { ...ids, cwd: folder, stdio: 'pipe' })
  }, (folder, port) => [
    program('/usr/sbin/mariadbd'), '--no-defaults', `--datadir=${folder}/data`, `--port=${port}`, '--bind-address=127.0.0.1',
    `--socket=${folder}/socket`, `--pid-file=${folder}/pid`, `--ssl-cert=${folder}/cert.pem`, `--ssl-key=${folder}/key.pem`
  ])
}
