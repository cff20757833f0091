// SPDX-License-Identifier: MIT OR BSL-1.0
// Existing clients of databases over sockets of ours. They need the servers themselves, which .ci/run installs.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { Redis, type RedisOptions } from 'ioredis'
import mysql from 'mysql2'
import mysqlPromise from 'mysql2/promise'
import pg from 'pg'
import { createClient } from 'redis'
import { tcp } from '@emilua/ip'
import { interruptible, spawn } from '@emilua/runtime'
import { writeAll } from '@emilua/stream'
import { serve, toDuplex } from '@emilua/stream/node'
import * as tls from '@emilua/tls'
import { stream } from '@emilua/unix'
import { cert } from '../certificate.js'
import { rejection } from '../memory.js'
import { startMariadb, startPostgres, startRedis, type Service } from './services.js'

describe('databases over the bridge', function () {
  this.timeout(120_000)

  /** Serves with an acceptor of ours and passes all on by sockets of ours. */
  function relay (acceptor: Parameters<typeof serve>[1], connected: () => ReturnType<typeof toDuplex>): () => Promise<void> {
    const server = createServer(inside => {
      const outside = connected()
      inside.pipe(outside).pipe(inside)
      inside.on('error', () => outside.destroy()).on('close', () => outside.destroy())
      outside.on('error', () => inside.destroy()).on('close', () => inside.destroy())
    })
    const serving = serve(server, acceptor)
    return () => { server.close(); return serving }
  }

  async function proxy (port: number): Promise<{ port: number, close: () => Promise<void> }> {
    const acceptor = await tcp.listen('127.0.0.1:0')
    return { port: acceptor.localPort, close: relay(acceptor, () => toDuplex(new tcp.Socket()).connect(port, '127.0.0.1')) }
  }

  describe('pg', () => {
    let service: Service
    before(async () => { service = await startPostgres() })
    after(() => service?.stop())

    const options = (more: pg.ClientConfig = {}): pg.ClientConfig =>
      ({ user: 'postgres', host: '127.0.0.1', port: service.port, stream: () => toDuplex(new tcp.Socket()), ...more })

    async function works (client: pg.Client): Promise<void> {
      await client.connect()
      expect((await client.query('select 1 + $1::int as sum', [41])).rows).to.deep.equal([{ sum: 42 }])
      await client.query('create temp table t (n int, s text)')
      for (let i = 0; i < 100; i++) await client.query('insert into t values ($1, $2)', [i, 'x'.repeat(i)])
      expect((await client.query('select count(*)::int, sum(length(s))::int from t')).rows).to.deep.equal([{ count: 100, sum: 4950 }])
      const large = await client.query<{ big: string }>("select repeat('y', 5000000) as big")
      expect(large.rows[0]!.big.length).to.equal(5_000_000)
      const sent = await client.query<{ n: number }>('select length($1)::int as n', ['z'.repeat(3_000_000)])
      expect(sent.rows[0]!.n).to.equal(3_000_000)
      expect(await rejection(client.query('select nonsense'))).to.have.property('code', '42703')
    }

    it('connects by itself', async () => {
      const client = new pg.Client(options())
      await works(client)
      await client.end()
    })

    it('takes a socket that is connected, and survives a canceled fiber', async () => {
      const socket = await tcp.dial(`127.0.0.1:${service.port}`)
      const client = new pg.Client(options({ stream: () => toDuplex(socket) }))
      await works(client)
      const fiber = spawn(() => interruptible(client.query('select pg_sleep(0.2)')))
      await new Promise(resolve => setImmediate(resolve))
      fiber.cancel()
      await rejection(fiber.join())
      expect((await client.query('select 2 as two')).rows).to.deep.equal([{ two: 2 }])
      await client.end()
      if (socket.isOpen) await new Promise(resolve => setImmediate(resolve))
      expect(socket.isOpen).to.equal(false)
    })

    it('connects over a UNIX socket', async () => {
      const client = new pg.Client(options({ host: service.folder, stream: () => toDuplex(new stream.Socket()) }))
      await works(client)
      expect((await client.query('select inet_client_addr() as address')).rows).to.deep.equal([{ address: null }])
      await client.end()
    })

    it('speaks TLS', async () => {
      const client = new pg.Client(options({ ssl: { ca: cert, servername: 'localhost' } }))
      await works(client)
      expect((await client.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')).rows).to.deep.equal([{ ssl: true }])
      await client.end()
    })

    it('connects over TLS of ours', async () => {
      const context = new tls.Context('tls_client')
      context.addCertificateAuthority(cert)
      const connection = await tcp.dial(`127.0.0.1:${service.port}`)
      // What PostgreSQL wants to hear before the handshake.
      await writeAll(connection, Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47))
      const answer = new Uint8Array(1)
      await connection.readSome(answer)
      expect(String.fromCharCode(answer[0]!)).to.equal('S')
      const socket = new tls.Socket(connection, context)
      socket.setVerifyMode('peer')
      socket.setVerifyCallback('host_name_verification', 'localhost')
      await socket.clientHandshake()
      const client = new pg.Client(options({ stream: () => toDuplex(socket) }))
      await works(client)
      expect((await client.query('select ssl, version from pg_stat_ssl where pid = pg_backend_pid()')).rows).to.deep.equal([{ ssl: true, version: 'TLSv1.3' }])
      await client.end()
    })

    it('has pools, whose idle connections notice when the server ends them', async () => {
      const pool = new pg.Pool({ ...options(), max: 4 })
      pool.on('error', () => {})
      const sums = await Promise.all(Array.from({ length: 40 }, (_, i) => pool.query('select $1::int as i', [i])))
      expect(sums.map(({ rows }) => (rows[0] as { i: number }).i)).to.deep.equal(Array.from({ length: 40 }, (_, i) => i))
      expect(pool.totalCount).to.equal(4)
      let left = pool.totalCount
      const ended = new Promise<void>(resolve => { pool.on('remove', () => { if (--left === 0) resolve() }) })
      const other = new pg.Client(options())
      await other.connect()
      await other.query('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = \'client backend\'')
      await ended
      expect((await pool.query('select 3 as three')).rows).to.deep.equal([{ three: 3 }])
      await other.end()
      await pool.end()
    })

    it('fails as over net when nobody listens', async () => {
      const closed = await tcp.listen('127.0.0.1:0')
      const port = closed.localPort
      closed.close()
      expect(await rejection(new pg.Client(options({ port })).connect())).to.have.property('code', 'ECONNREFUSED')
    })

    it('runs through a server of ours', async () => {
      const { port, close } = await proxy(service.port)
      const client = new pg.Client({ user: 'postgres', host: '127.0.0.1', port })
      await works(client)
      await client.end()
      await close()
    })
  })

  describe('redis', () => {
    let service: Service
    before(async () => { service = await startRedis() })
    after(() => service?.stop())

    /** What ioredis calls to get its socket. */
    const connector = (port: () => number, make = () => toDuplex(new tcp.Socket())): RedisOptions['Connector'] => class {
      stream: ReturnType<typeof toDuplex> | undefined
      connecting = false
      firstError?: Error
      check (): boolean { return true }
      connect (): Promise<ReturnType<typeof toDuplex>> {
        this.connecting = true
        this.stream = make()
        return Promise.resolve(this.stream.connect(port(), '127.0.0.1'))
      }

      disconnect (): void {
        this.connecting = false
        this.stream?.end()
      }
    } as unknown as RedisOptions['Connector']

    it('ioredis over a UNIX socket', async () => {
      const socket = await stream.dial(`${service.folder}/redis.sock`)
      const redis = new Redis({ Connector: connector(() => 0, () => toDuplex(socket)) })
      await redis.set('unix', 'x'.repeat(100_000))
      expect((await redis.get('unix'))?.length).to.equal(100_000)
      await redis.quit()
    })

    it('ioredis: commands, pipelines, large values, subscriptions', async () => {
      const redis = new Redis({ Connector: connector(() => service.port), keepAlive: 5000 })
      await redis.set('k', 'v')
      expect(await redis.get('k')).to.equal('v')
      const pipeline = redis.pipeline()
      for (let i = 0; i < 10_000; i++) pipeline.set(`k${i}`, i)
      expect(await pipeline.exec()).to.have.length(10_000)
      await redis.set('big', 'z'.repeat(3_000_000))
      expect((await redis.get('big'))!.length).to.equal(3_000_000)
      const listener = new Redis({ Connector: connector(() => service.port) })
      await listener.subscribe('news')
      const heard = once(listener, 'message')
      await redis.publish('news', 'hello')
      expect(await heard).to.deep.equal(['news', 'hello'])
      listener.disconnect()
      await redis.quit()
    })

    it('ioredis: comes back after its connection was lost', async () => {
      const redis = new Redis({ Connector: connector(() => service.port), retryStrategy: () => 5 })
      const id = await redis.client('ID')
      const other = new Redis(service.port)
      await other.client('KILL', 'ID', id)
      expect(await redis.ping()).to.equal('PONG')
      expect(await redis.client('ID')).to.not.equal(id)
      other.disconnect()
      redis.disconnect()
    })

    it('node-redis over TLS', async () => {
      const socket = await tcp.dial(`127.0.0.1:${service.tlsPort}`)
      const client = createClient({ socket: { tls: true, socket: toDuplex(socket), ca: cert, servername: 'localhost', host: 'localhost', reconnectStrategy: false } as never })
      await client.connect()
      await client.set('n', 'r')
      expect(await client.get('n')).to.equal('r')
      await client.set('large', 'z'.repeat(1_000_000))
      expect((await client.get('large'))!.length).to.equal(1_000_000)
      await client.close()
    })

    /** By servers and sockets of ours, since node-redis makes its own socket. */
    const ways: Record<string, () => Promise<{ socket: object, close: () => Promise<void> }>> = {
      'TCP': async () => {
        const { port, close } = await proxy(service.port)
        return { socket: { host: '127.0.0.1', port }, close }
      },
      'a UNIX socket': async () => {
        const path = join(mkdtempSync(join(tmpdir(), 'emilua-redis-')), 'socket')
        const close = relay(await stream.listen(path), () => toDuplex(new stream.Socket()).connect(join(service.folder, 'redis.sock')))
        return { socket: { path }, close: async () => { await close(); rmSync(dirname(path), { recursive: true }) } }
      }
    }
    for (const [way, open] of Object.entries(ways)) {
      it(`node-redis through a server of ours over ${way}: 10,000 commands, subscriptions, and again after its connection was lost`, async () => {
        const { socket, close } = await open()
        const client = createClient({ socket: { ...socket, reconnectStrategy: () => 1 } as never })
        const listener = client.duplicate()
        const other = createClient({ socket: { host: '127.0.0.1', port: service.port } })
        for (const each of [client, listener]) each.on('error', () => {})
        await Promise.all([client, listener, other].map(each => each.connect()))
        const lost = await Promise.all([client.clientId(), listener.clientId()])
        const pipeline = client.multi()
        for (let i = 0; i < 10_000; i++) pipeline.set(`p${i}`, String(i))
        expect(await pipeline.execAsPipeline()).to.have.length(10_000)
        const values = await Promise.all(Array.from({ length: 10_000 }, (_, i) => client.get(`p${i}`)))
        expect(values).to.deep.equal(Array.from({ length: 10_000 }, (_, i) => String(i)))
        const large = 'z'.repeat(3_000_000)
        await client.set('large', large)
        expect(await client.get('large') === large).to.equal(true)

        const heard: string[] = []
        await listener.subscribe('news', message => { heard.push(message) })
        await client.publish('news', 'first')
        await listener.ping()
        const back = Promise.all([client, listener].map(each => new Promise(resolve => { each.once('ready', resolve as () => void) })))
        for (const id of lost) await other.sendCommand(['CLIENT', 'KILL', 'ID', String(id)])
        await back
        expect(await client.ping()).to.equal('PONG')
        expect(await client.clientId()).to.not.equal(lost[0])
        expect(await client.publish('news', 'second')).to.equal(1)
        await listener.ping()
        expect(heard).to.deep.equal(['first', 'second'])
        for (const each of [client, listener, other]) each.destroy()
        await close()
      })
    }
  })

  describe('mysql2', () => {
    let service: Service
    before(async () => { service = await startMariadb() })
    after(() => service?.stop())

    for (const secure of [false, true]) {
      it(secure ? 'speaks TLS' : 'queries, prepares and transfers much', async () => {
        const stream = toDuplex(new tcp.Socket())
        stream.connect(service.port, '127.0.0.1')
        const client = await mysqlPromise.createConnection({
          user: 'root', stream, ...(secure ? { ssl: { ca: cert, rejectUnauthorized: false } } : {})
        })
        expect((await client.query('select 1 + ? as sum', [41]))[0]).to.deep.equal([{ sum: 42 }])
        expect((await client.execute('select ? as text', ['prepared']))[0]).to.deep.equal([{ text: 'prepared' }])
        const [[{ big }]] = await client.query("select repeat('y', 5000000) as big") as unknown as [[{ big: string }]]
        expect(big.length).to.equal(5_000_000)
        if (secure) expect(JSON.stringify((await client.query("show status like 'Ssl_cipher'"))[0])).to.match(/TLS/)
        expect(await rejection(client.query('select nonsense'))).to.have.property('code', 'ER_BAD_FIELD_ERROR')
        await client.end()
      })
    }

    it('connects over a UNIX socket', async () => {
      const client = await mysqlPromise.createConnection({ user: 'root', stream: toDuplex(new stream.Socket()).connect(join(service.folder, 'socket')) })
      expect((await client.query('select 1 + ? as sum', [41]))[0]).to.deep.equal([{ sum: 42 }])
      await client.end()
    })

    it('has pools', async () => {
      const pool = mysql.createPool({ user: 'root', connectionLimit: 3, stream: () => toDuplex(new tcp.Socket()).connect(service.port, '127.0.0.1') }).promise()
      const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => pool.query('select ? as i', [i])))
      expect(answers.map(([rows]) => (rows as { i: number }[])[0]!.i)).to.deep.equal(Array.from({ length: 30 }, (_, i) => i))
      await pool.end()
    })
  })
})
