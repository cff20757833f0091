// SPDX-License-Identifier: MIT OR BSL-1.0
// Peers that nobody here wrote.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readAll, writeAll } from '@emilua/stream'
import { datagram, seqpacket, stream } from '@emilua/unix'
import { expect } from 'chai'

const here = fileURLToPath(new URL('..', import.meta.url))
const emilua = fileURLToPath(new URL('../../../native-core/build/release/emilua', import.meta.url))
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const later = (): Promise<undefined> => new Promise(resolve => { setTimeout(() => { resolve(undefined) }, 5) })
const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

describe('peers that others wrote', () => {
  let folder = ''
  const at = (name: string): string => join(folder, name)
  let children: ChildProcess[] = []
  const start = (program: string, words: string[], env = process.env): ChildProcess => {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], cwd: here, env })
    children.push(child)
    return child
  }
  const output = async (child: ChildProcess): Promise<string> => {
    let all = ''
    for await (const chunk of child.stdout!) all += String(chunk)
    return all
  }
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-peers-')) })
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL')
    children = []
    rmSync(folder, { recursive: true })
  })

  /** Until a server has its socket and listens, if that is a kind to listen on. */
  async function there (path: string): Promise<void> {
    const accepts = (line: string): boolean => {
      const [, , , flags, type, , , name] = line.split(/ +/)
      return name === path && (flags === '00010000' || type === '0002')
    }
    while (!readFileSync('/proc/net/unix', 'utf8').split('\n').some(accepts)) await later()
  }

  describe('socat', () => {
    before(function () { if (!has('socat')) this.skip() })

    it('connects to a stream and listens for one', async () => {
      using acceptor = stream.listen(at('a'))
      const client = start('socat', ['-', `UNIX-CONNECT:${at('a')}`])
      using server = await acceptor.accept()
      client.stdin!.end('from socat')
      let all = ''
      for await (const chunk of server) all += text(chunk)
      await writeAll(server, `${all} and back`)
      server.shutdown('send')
      expect(await output(client)).equal('from socat and back')

      start('socat', [`UNIX-LISTEN:${at('b')}`, 'EXEC:cat'])
      await there(at('b'))
      using dialed = await stream.dial(at('b'))
      const data = new Uint8Array(1 << 18).map((_, i) => i % 251)
      const back = new Uint8Array(data.length)
      await Promise.all([writeAll(dialed, data), readAll(dialed, back)])
      expect(Buffer.compare(data, back)).equal(0)
      dialed.shutdown('send')
      all = ''
      for await (const chunk of dialed) all += text(chunk)
      expect(all).equal('')
    })

    it('keeps the messages of a seqpacket socket apart', async () => {
      using acceptor = seqpacket.listen(at('a'))
      const client = start('socat', ['-', `UNIX-CONNECT:${at('a')},type=5`])
      using server = await acceptor.accept()
      client.stdin!.end('one message')
      const buffer = new Uint8Array(64)
      expect(text(buffer.subarray(0, await server.receive(buffer)))).equal('one message')
      await server.send('two ')
      await server.send('answers')
      server.shutdown('send')
      expect(await output(client)).equal('two answers')

      start('socat', [`UNIX-LISTEN:${at('b')},type=5`, 'EXEC:cat'])
      await there(at('b'))
      using dialed = await seqpacket.dial(at('b'))
      for (const message of ['first', 'and second']) {
        await dialed.send(message)
        expect(text(buffer.subarray(0, await dialed.receive(buffer)))).equal(message)
      }
    })

    it('sends datagrams and answers them', async () => {
      using receiver = new datagram.Socket()
      receiver.bind(at('a'))
      const client = start('socat', ['-', `UNIX-SENDTO:${at('a')},bind=${at('client')}`])
      client.stdin!.write('ping')
      const buffer = new Uint8Array(64)
      const { size, path } = await receiver.receiveFrom(buffer)
      expect([text(buffer.subarray(0, size)), String(path)]).deep.equal(['ping', at('client')])
      await receiver.sendTo('pong', path)
      const [answer] = await once(client.stdout!, 'data') as [Buffer]
      expect(String(answer)).equal('pong')

      start('socat', [`UNIX-RECVFROM:${at('b')},fork`, 'EXEC:cat'])
      await there(at('b'))
      using sender = new datagram.Socket()
      sender.bind(at('sender'))
      await sender.sendTo('echo this', at('b'))
      const echo = await sender.receiveFrom(buffer)
      expect(text(buffer.subarray(0, echo.size))).equal('echo this')
    })

    it('knows abstract names', async () => {
      using acceptor = stream.listen(`@${folder}`)
      const client = start('socat', ['-', `ABSTRACT-CONNECT:${folder}`])
      using server = await acceptor.accept()
      await writeAll(server, 'found')
      server.shutdown('send')
      client.stdin!.end()
      expect(await output(client)).equal('found')
    })
  })

  describe('systemd-socket-activate', () => {
    before(function () { if (!has('systemd-socket-activate')) this.skip() })

    const typescript = (kind: string): string => `
      import { getLowfd, getpid, environment } from '@emilua/system'
      import { writeAll } from '@emilua/stream'
      import { datagram, seqpacket, stream } from '@emilua/unix'
      const count = environment.LISTEN_FDS + ' ' + (environment.LISTEN_PID === String(getpid()))
      const fd = getLowfd(3)
      if ('${kind}' === 'datagram') {
        const socket = new datagram.Socket(fd)
        const buffer = new Uint8Array(64)
        const { size, path } = await socket.receiveFrom(buffer)
        await socket.sendTo(count + ' got ' + new TextDecoder().decode(buffer.subarray(0, size)), path)
      } else {
        const acceptor = new ${kind === 'seqpacket' ? 'seqpacket' : 'stream'}.Acceptor(fd)
        await acceptor.wait('read')
        const socket = await acceptor.accept()
        if ('${kind}' === 'seqpacket') await socket.send(count + ' seqpacket')
        else await writeAll(socket, count + ' stream')
      }`
    const lua = (kind: string): string => `
      local stream, system, unix = require 'stream', require 'system', require 'unix'
      local count = system.environment.LISTEN_FDS .. ' ' .. tostring(tonumber(system.environment.LISTEN_PID) == system.getpid())
      local fd = system.get_lowfd(3)
      if '${kind}' == 'datagram' then
        local socket, buffer = unix.datagram.socket.new(fd), byte_span.new(64)
        local size, path = socket:receive_from(buffer)
        socket:send_to(count .. ' got ' .. tostring(buffer:first(size)), path)
      else
        local acceptor = unix['${kind}'].acceptor.new(fd)
        acceptor:wait('read')
        local socket = acceptor:accept()
        if '${kind}' == 'seqpacket' then socket:send(count .. ' seqpacket') else stream.write_all(socket, count .. ' stream') end
      end`

    const programs: Record<string, (kind: string) => string[]> = {
      TypeScript: kind => [process.execPath, '--input-type=module', '-e', typescript(kind)],
      Lua: kind => {
        writeFileSync(at('program.lua'), lua(kind))
        return [emilua, at('program.lua')]
      }
    }
    for (const [language, program] of Object.entries(programs)) {
      for (const kind of ['stream', 'seqpacket', 'datagram'] as const) {
        it(`hands a ${kind} socket to a program in ${language}`, async () => {
          const flags = kind === 'stream' ? [] : [`--${kind}`]
          start('systemd-socket-activate', [...flags, '-l', at('a'), ...program(kind)])
          await there(at('a'))
          const buffer = new Uint8Array(64)
          if (kind === 'stream') {
            const client = connect(at('a'))
            let all = ''
            for await (const chunk of client) all += String(chunk)
            expect(all).equal('1 true stream')
          } else if (kind === 'seqpacket') {
            using client = await seqpacket.dial(at('a'))
            expect(text(buffer.subarray(0, await client.receive(buffer)))).equal('1 true seqpacket')
          } else {
            using client = new datagram.Socket()
            client.bind('')
            await client.sendTo('hello', at('a'))
            const { size } = await client.receiveFrom(buffer)
            expect(text(buffer.subarray(0, size))).equal('1 true got hello')
          }
        })
      }
    }
  })

  describe('the manager of services', () => {
    it('is told by a datagram under the name in NOTIFY_SOCKET', async function () {
      if (!has('socat')) this.skip()
      for (const [name, address] of [[at('notify'), `UNIX-RECV:${at('notify')}`], [`@${folder}`, `ABSTRACT-RECV:${folder}`]] as const) {
        const manager = start('socat', ['-u', address, '-'])
        let socket: datagram.Socket | undefined
        while (!socket) socket = await datagram.dial(name).catch(() => later())
        await socket.send('READY=1\nSTATUS=as sd_notify does')
        const [message] = await once(manager.stdout!, 'data') as [Buffer]
        expect(String(message)).equal('READY=1\nSTATUS=as sd_notify does')
        socket.close()
      }
    })

    it('may be this program: systemd-notify tells it', async function () {
      if (!has('systemd-notify')) this.skip()
      using manager = new datagram.Socket()
      manager.bind(at('notify'))
      const buffer = new Uint8Array(256)
      const child = start('systemd-notify', ['--ready', '--status=up'], { ...process.env, NOTIFY_SOCKET: at('notify') })
      const exited = once(child, 'exit')
      expect(text(buffer.subarray(0, await manager.receive(buffer))).split('\n')).include.members(['READY=1', 'STATUS=up'])
      // It waits until the manager has closed a descriptor, and so has seen what came before.
      const { size, fds } = await manager.receiveWithFds(buffer, 1)
      expect([text(buffer.subarray(0, size)), fds.length]).deep.equal(['BARRIER=1', 1])
      fds[0]!.close()
      expect(await exited).deep.equal([0, null])
    })
  })
})
