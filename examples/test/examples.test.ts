// SPDX-License-Identifier: MIT OR BSL-1.0
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../..', import.meta.url))
const env = { ...process.env, EMILUA_NO_BUILD: '1' }

for (const [language, name] of [['lua', 'Lua'], ['ts', 'TypeScript']]) {
  describe(`examples in ${name}`, function () {
    this.timeout(30_000)
    let server: ChildProcess
    let lines: AsyncIterator<string>

    async function start (descriptors = 1024): Promise<number> {
      const command = `ulimit -n ${descriptors}; exec ./emilua examples/echo-server.${language} -- 127.0.0.1:0`
      server = spawn('sh', ['-c', command], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
      lines = createInterface(server.stdout!)[Symbol.asyncIterator]()
      const { value } = await lines.next()
      expect(value).match(/^listening on 127\.0\.0\.1:\d+$/)
      return Number(String(value).split(':')[1])
    }

    async function client (port: number): Promise<Socket> {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      return socket
    }

    async function echoed (socket: Socket, size: number): Promise<void> {
      const sent = Buffer.alloc(size, Math.random().toString())
      socket.write(sent)
      const parts: Buffer[] = []
      for (let got = 0; got < size;) {
        const [part] = await once(socket, 'data') as [Buffer]
        parts.push(part)
        got += part.length
      }
      expect(Buffer.concat(parts).equals(sent)).equal(true)
    }

    afterEach(() => { server?.kill('SIGKILL') })

    it('greets', () => {
      const printed = execFileSync(`${root}/emilua`, [`examples/hello.${language}`], { cwd: root, env, encoding: 'utf8' })
      expect(printed).equal(`Hello from ${name}\n`)
    })

    it('serves many clients at once, and survives those that vanish', async () => {
      const port = await start()
      const clients = await Promise.all(Array.from({ length: 32 }, () => client(port)))
      await Promise.all(clients.map((socket, index) => echoed(socket, 1 + index * 4000)))
      for (const socket of clients.slice(0, 16)) socket.resetAndDestroy()
      await Promise.all(clients.slice(16).map(socket => echoed(socket, 100_000)))
      const late = await client(port)
      await echoed(late, 10)
      for (const socket of [...clients, late]) socket.destroy()
    })

    it('serves on after more have come than there are descriptors for', async () => {
      const port = await start(60)
      const clients = await Promise.all(Array.from({ length: 100 }, () => client(port)))
      // One of the first: by the time it is answered, the server has run out of descriptors, or soon will.
      await echoed(clients[0]!, 10)
      // Those that are queued are served as soon as others leave.
      const last = clients.at(-1)!
      const answer = echoed(last, 10)
      for (const socket of clients.slice(0, -1)) socket.destroy()
      await answer
      const late = await client(port)
      await echoed(late, 10)
      for (const socket of [last, late]) socket.destroy()
    })

    it('closes what it accepted: ten times as many clients as descriptors, one after the other', async () => {
      const port = await start(60)
      for (let i = 0; i < 600; i++) {
        const socket = await client(port)
        await echoed(socket, 4)
        socket.destroy()
      }
    })

    it('ends cleanly by SIGINT, with clients connected', async () => {
      const port = await start()
      const clients = await Promise.all([client(port), client(port)])
      await Promise.all(clients.map(socket => echoed(socket, 5)))
      const closed = clients.map(socket => { socket.resume(); return once(socket, 'close') })
      const ended = once(server, 'exit')
      server.kill('SIGINT')
      expect(await ended).deep.equal([0, null])
      expect((await lines.next()).value).equal('closing')
      await Promise.all(closed)
    })
  })
}
