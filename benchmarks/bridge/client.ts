// SPDX-License-Identifier: MIT OR BSL-1.0
// One client, one request after the other over one connection: net|bridge pg|redis|small|large PORT
import http from 'node:http'
import { connect, type Socket } from 'node:net'
import { Redis, type RedisOptions } from 'ioredis'
import pg from 'pg'
import { tcp } from '@emilua/ip'
import { toDuplex } from '@emilua/stream/node'

const [transport, what, port] = [process.argv[2], process.argv[3], Number(process.argv[4])]
const seconds = Number(process.env.BENCHMARK_SECONDS ?? 1)

function dial (): Socket {
  const socket = transport === 'net' ? connect(port, '127.0.0.1') : toDuplex(new tcp.Socket()).connect(port, '127.0.0.1')
  return socket.setNoDelay()
}

/** What ioredis asks for its socket. */
class Connector {
  private stream: Socket | null = null
  check (): boolean { return true }
  connect (): Promise<Socket> { return Promise.resolve(this.stream = dial()) }
  disconnect (): void { this.stream?.end() }
}

async function requester (): Promise<() => Promise<unknown>> {
  if (what === 'pg') {
    const client = new pg.Client({ user: 'postgres', host: '127.0.0.1', port, stream: transport === 'net' ? undefined : () => toDuplex(new tcp.Socket()) })
    await client.connect()
    return () => client.query('select 1')
  }
  if (what === 'redis') {
    const client = new Redis({ Connector: Connector as unknown as RedisOptions['Connector'] })
    await client.set('key', 'value')
    return () => client.get('key')
  }
  const agent = Object.assign(new http.Agent({ keepAlive: true, maxSockets: 1 }), { createConnection: dial })
  return () => new Promise((resolve, reject) => {
    http.get({ agent, path: `/${what}` }, response => { response.on('data', () => {}).on('end', resolve) }).on('error', reject)
  })
}

const request = await requester()
for (let i = 0; i < 1000; i++) await request()
const times: number[] = []
for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
  const begun = performance.now()
  await request()
  times.push((performance.now() - begun) * 1000)
}
times.sort((a, b) => a - b)
console.log('median', times[times.length >> 1], 'µs')
console.log('p99', times[Math.floor(times.length * 0.99)], 'µs')
process.exit()
