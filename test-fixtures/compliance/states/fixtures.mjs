// SPDX-License-Identifier: MIT OR BSL-1.0
import * as file from '@emilua/file'
import { clock, directoryIterator, Path, recursiveDirectoryIterator } from '@emilua/filesystem'
import { capSetFile, open } from '@emilua/filesystem/sync'
import * as ip from '@emilua/ip'
import * as libcService from '@emilua/libc-service'
import * as pipe from '@emilua/pipe'
import { inbox, spawnVm } from '@emilua/runtime'
import { Sandbox } from '@emilua/sandbox'
import { ptypair, SerialPort } from '@emilua/serial-port'
import { writeAll } from '@emilua/stream'
import * as system from '@emilua/system'
import * as time from '@emilua/time'
import * as tls from '@emilua/tls'
import * as unix from '@emilua/unix'
import assert from 'node:assert'
import { mkdtempSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fakes } from './fakes.mjs'

/** Lets the loop go round `n` times. */
export async function turns (n) {
  for (let i = 0; i < n; i++) await new Promise(resolve => setImmediate(resolve))
}

/** Whether `start` does not end by itself. */
async function waits (start) {
  const controller = new AbortController()
  const operation = start({ signal: controller.signal }).then(() => false, () => true)
  await turns(3)
  controller.abort()
  return operation
}

/** Writes until nothing can be written: what has to wait once may only have been on its way. */
async function fill (object, method = 'writeSome', size = 65536) {
  await fillWith(options => object[method](new Uint8Array(size), options))
}

async function fillWith (write) {
  for (let full = 0; full < 5; full++) {
    if (!await waits(write)) full = 0
  }
}

/** Does `step` again and again until it fails. */
function repeatedly (step) {
  const all = async () => { for (;;) await step() }
  all().catch(() => {})
}

/** Asks the process that runs the suite for something. */
const ask = what => writeSync(1, `{"ask": "${what}"}\n`)

/** A set of objects, of which nothing is needed unless a class below says more. */
class Objects {
  static make () { return new this({}) }

  constructor (objects) { Object.assign(this, objects) }
}

class Loopback extends Objects {
  static make () { return new this({ address: ip.Address.loopbackV4() }) }
}

class Seconds extends Objects {
  static make (short) { return new this({ seconds: short ? 0.02 : 1000 }) }
}

class Process extends Objects {
  static make () { return new this({ pid: process.pid }) }
}

/** A folder of its own with one file in it. */
class Files extends Objects {
  static make () {
    const folder = mkdtempSync(join(process.env.SCRATCH, 'files-'))
    writeFileSync(join(folder, 'here'), 'hello')
    symlinkSync('here', join(folder, 'link'))
    return new this({
      root: '/', folder, here: join(folder, 'here'), link: join(folder, 'link'), nowhere: join(folder, 'nowhere'), time: clock.now()
    })
  }
}

class PathIterator extends Objects {
  static make () { return new this({ object: new Path('a', 'b').iterator() }) }
}

class DirectoryIterator extends Objects {
  static make () { return new this({ object: directoryIterator(Files.make().folder) }) }
}

class RecursiveDirectoryIterator extends Objects {
  static make () { return new this({ object: recursiveDirectoryIterator(Files.make().folder) }) }
}

class DirectoryEntry extends Objects {
  static make () { return new this({ object: recursiveDirectoryIterator(Files.make().folder).nextSync() }) }
}

class SteadyTimer extends Objects {
  static make (short, object = new time.SteadyTimer(), clock = time.steadyClock) {
    object.expiresAt(clock.now().add(short ? 0.02 : 1000))
    return new this({ object })
  }

  close () { this.object.cancel() }
}

class SystemTimer extends SteadyTimer {
  static make (short) { return super.make(short, new time.SystemTimer(), time.systemClock) }
}

class TcpPair extends Objects {
  static async make () {
    const listener = await ip.tcp.listen('127.0.0.1:0')
    const object = await ip.tcp.dial(`127.0.0.1:${listener.localPort}`)
    return new this({ object, peer: await listener.accept(), buffer: new Uint8Array(5) })
  }

  feed () { return writeAll(this.peer, 'hello') }
  async take () { assert.equal(await this.object.readSome(this.buffer), 5) }
  close () { this.object.close() }
  gone () { this.peer.close() }
}

/** A pair whose object cannot write any more. */
class FullTcpPair extends TcpPair {
  static async make () {
    const c = await super.make()
    // Sizes that are set do not grow by themselves later.
    c.object.setOption('send_buffer_size', 4096)
    c.peer.setOption('receive_buffer_size', 4096)
    await fill(c.object)
    return Object.assign(c, { buffer: new Uint8Array(65536) })
  }

  drain () { repeatedly(() => this.peer.readSome(new Uint8Array(1048576))) }
}

function tlsServer (socket) {
  const context = new tls.Context('tls_server')
  context.useCertificateChainFile('test-fixtures/conformance/m_cert.pem')
  context.usePrivateKeyFile('test-fixtures/conformance/m_key.pem', 'pem')
  return new tls.Socket(socket, context)
}

/** One end that has yet to shake hands, and the connection beside it. */
class TlsClient extends TcpPair {
  static async make () {
    const c = await super.make()
    return Object.assign(c, { object: new tls.Socket(c.object) })
  }

  feed () { tlsServer(this.peer).serverHandshake().catch(() => {}) }
  take () { assert.equal(this.object.protocol, 'TLSv1.3') }
}

class TlsServer extends TcpPair {
  static async make () {
    const c = await super.make()
    return Object.assign(c, { object: tlsServer(c.object) })
  }

  feed () { new tls.Socket(this.peer).clientHandshake().catch(() => {}) }
  take () { assert.equal(this.object.protocol, 'TLSv1.3') }
}

class TlsPair extends TcpPair {
  static async make () {
    const c = await super.make()
    Object.assign(c, { object: new tls.Socket(c.object), peer: tlsServer(c.peer) })
    await Promise.all([c.object.clientHandshake(), c.peer.serverHandshake()])
    return c
  }
}

class FullTlsPair extends TlsPair {
  static async make () {
    const c = await super.make()
    await fill(c.object)
    return Object.assign(c, { buffer: new Uint8Array(65536) })
  }

  drain () { repeatedly(() => this.peer.readSome(new Uint8Array(1048576))) }
}

class TcpAcceptor extends Objects {
  static async make () {
    const object = await ip.tcp.listen('127.0.0.1:0')
    return new this({ object, port: object.localPort })
  }

  async feed () { this.peer = await ip.tcp.dial(`127.0.0.1:${this.port}`) }
  async take () { assert((await this.object.accept()).isOpen) }
  close () { this.object.close() }
}

/** A socket, and an acceptor that takes no more connections, so that connecting to it has to wait. */
class FullListener extends Objects {
  static async make () {
    const [acceptor, address] = [new ip.tcp.Acceptor(), ip.Address.loopbackV4()]
    acceptor.open('v4')
    acceptor.bind(address, 0)
    acceptor.listen(0)
    const port = acceptor.localPort
    const waiting = []
    let full = false
    while (!full) {
      const socket = new ip.tcp.Socket()
      waiting.push(socket)
      full = await socket.connect(address, port, { signal: AbortSignal.timeout(20) }).then(() => false, () => true)
    }
    return new this({ object: new ip.tcp.Socket(), acceptor, address, port, waiting, endpoint: `127.0.0.1:${port}` })
  }

  drain () { repeatedly(() => this.acceptor.accept()) }
  close () { this.object.close() }
}

class Pipe extends TcpPair {
  static make () {
    const [object, peer] = pipe.pair()
    return new this({ object, peer, buffer: new Uint8Array(5) })
  }
}

class FullPipe extends FullTcpPair {
  static async make () {
    const [peer, object] = pipe.pair()
    await fill(object)
    return new this({ object, peer, buffer: new Uint8Array(65536) })
  }
}

/** A port that changes nothing, and its master. */
function pty () {
  const [peer, slave] = ptypair()
  const object = new SerialPort()
  object.open(`/proc/self/fd/${/\d+/.exec(slave.toString())[0]}`)
  slave.close()
  return { object, peer }
}

class SerialLine extends TcpPair {
  static make () { return new this({ ...pty(), buffer: new Uint8Array(5) }) }
}

class FullSerialLine extends FullTcpPair {
  static async make () {
    const c = new this({ ...pty(), buffer: new Uint8Array(65536) })
    await fill(c.object)
    await time.sleep(0.02) // the kernel makes room once more, when its worker has moved what was written to where it is read
    await fill(c.object)
    return c
  }
}

/** Files that make one wait: those that are ends of pipes. */
class FilePipe extends TcpPair {
  static make () {
    const [object, peer] = pipe.pair()
    return new this({ object: new file.Stream(object.release()), peer, buffer: new Uint8Array(5) })
  }
}

class FullFilePipe extends FullTcpPair {
  static async make () {
    const [peer, end] = pipe.pair()
    const object = new file.Stream(end.release())
    await fill(object)
    return new this({ object, peer, buffer: new Uint8Array(65536) })
  }
}

const closedFile = of => class extends Files {
  static make () { return Object.assign(super.make(), { object: new of() }) }
}

const openFile = of => class extends closedFile(of) {
  static make () {
    const objects = super.make()
    objects.object.openSync(objects.here, ['read_write'])
    return Object.assign(objects, { buffer: new Uint8Array(5), hello: new TextEncoder().encode('hello') })
  }
}

const lockedFile = of => class extends openFile(of) {
  static async make () {
    const objects = super.make()
    const holder = new of()
    holder.openSync(objects.here, ['read_write'])
    await holder.lock()
    return Object.assign(objects, { holder })
  }

  feed () { this.holder.unlock() }
  take () { assert(!this.holder.tryLock()) }
  close () { this.object.close() }
}

class FolderDescriptor extends Files {
  static make () {
    const objects = super.make()
    const folder = new file.Stream()
    folder.openSync(objects.folder)
    return Object.assign(objects, { object: folder.release(), name: new Path('here') })
  }
}

class CapableFile extends Files {
  static make () {
    const objects = super.make()
    const caps = 'cap_kill=p'
    capSetFile(objects.here, caps)
    return Object.assign(objects, { caps })
  }
}

class CapableDescriptor extends CapableFile {
  static make () {
    const objects = super.make()
    return Object.assign(objects, { object: open(objects.here, ['read_only']) })
  }
}

class UdpPair extends Objects {
  static async make () {
    const [object, peer] = [new ip.udp.Socket(), new ip.udp.Socket()]
    for (const socket of [object, peer]) {
      socket.open('v4')
      socket.bind(ip.Address.loopbackV4(), 0)
    }
    await object.connect(peer.localAddress, peer.localPort)
    await peer.connect(object.localAddress, object.localPort)
    return new this({ object, peer, buffer: new Uint8Array(5), hello: new TextEncoder().encode('hello') })
  }

  feed () { return this.peer.send(this.hello) }
  close () { this.object.close() }
}

/** Two sockets of a kind that are connected, and a descriptor to send. */
function unixPair (kind) {
  const [object, peer] = kind.Socket.pair()
  return { object, peer, buffer: new Uint8Array(5), hello: new TextEncoder().encode('hello'), fds: [pipe.pair()[0].release()] }
}

class UnixStreams extends TcpPair {
  static make () { return new this(unixPair(unix.stream)) }
}

class FullUnixStreams extends FullTcpPair {
  static async make () {
    const c = new this({ ...unixPair(unix.stream), buffer: new Uint8Array(65536) })
    await fill(c.object)
    return c
  }
}

class UnixPackets extends TcpPair {
  static kind = unix.seqpacket
  static make () { return new this(unixPair(this.kind)) }
  feed () { return this.peer.send(this.hello) }
}

/** A master, and who asks it to unlink '/a', as programs do: a packet, and where to answer. */
class LibcMaster extends Objects {
  static make () {
    const [object, slave] = libcService.create()
    const [, answer] = unix.seqpacket.Socket.pair()
    return new this({
      object,
      peer: new unix.seqpacket.Socket(slave.release()),
      fds: [answer.release()],
      call: new TextEncoder().encode(`elq1\x03\0\0\0${'\0'.repeat(24)}\x02\0\0\0\0\0\0\0/a`)
    })
  }

  feed () { return this.peer.sendWithFds(this.call, this.fds) }
  close () { this.object.close() }
  gone () { this.peer.close() }
}

class FullUnixPackets extends UnixPackets {
  static size = 8192
  static async make () {
    const c = super.make()
    await fill(c.object, 'send', this.size)
    return Object.assign(c, { buffer: new Uint8Array(this.size) })
  }

  drain () { repeatedly(() => this.peer.receive(new Uint8Array(65536))) }
}

/** Gives names to both, so that they are found without a connection too. */
function named (c) {
  c.object.bind('')
  c.peer.bind('')
  return c
}

class UnixDatagrams extends UnixPackets {
  static kind = unix.datagram
  static make () { return named(super.make()) }
}

class FullUnixDatagrams extends FullUnixPackets {
  static kind = unix.datagram
  static size = 1024
  static async make () { return named(await super.make()) }
}

/** Somebody to send to. */
class UnixReceiver extends Objects {
  static make () {
    const object = new unix.datagram.Socket()
    object.bind('')
    return new this({ object })
  }
}

function unixAcceptor (kind) {
  const acceptor = new kind.Acceptor()
  acceptor.bind('')
  acceptor.listen()
  return acceptor
}

class UnixStreamAcceptor extends TcpAcceptor {
  static kind = unix.stream
  static make () {
    const object = unixAcceptor(this.kind)
    return new this({ object, kind: this.kind, path: object.localPath })
  }

  async feed () { this.peer = await this.kind.dial(this.path) }
}

class UnixSeqpacketAcceptor extends UnixStreamAcceptor {
  static kind = unix.seqpacket
}

/** A socket, and a name to connect it to. */
class UnixStreamListener extends TcpAcceptor {
  static kind = unix.stream
  static make () {
    const acceptor = unixAcceptor(this.kind)
    return new this({ object: new this.kind.Socket(), acceptor, path: acceptor.localPath })
  }
}

class UnixSeqpacketListener extends UnixStreamListener {
  static kind = unix.seqpacket
}

class Inbox extends Objects {
  static async make () {
    return new this({ object: inbox, actor: await spawnVm(new URL('echo.lua', import.meta.url)) })
  }

  feed () { this.actor.send({ reply: inbox }) }
  close () { this.object.close() }
}

class Actor extends Objects {
  static async make () { return new this({ object: await spawnVm(new URL('echo.lua', import.meta.url)) }) }

  feed () { this.object.send('end') }
}

class Answerer extends Objects {
  static async make () { return new this({ object: await spawnVm(new URL('answerer.lua', import.meta.url)), message: {} }) }

  feed () { this.object.send('answer') }
}

const bounded = name => spawnVm(new URL(name, import.meta.url), { inbox: { limit: 2 } })

class BoundedActor extends Objects {
  static async make () { return new this({ object: await bounded('echo.lua') }) }

  feed () { return this.object.send('end') }
}

class BoundedAnswerer extends Objects {
  static async make () { return new this({ object: await bounded('answerer.lua'), message: {} }) }

  feed () { return this.object.send('answer') }
}

class FullBoundedActor extends Objects {
  static async make () {
    const object = await bounded('slow.lua')
    const [word, say] = pipe.pair()
    await object.send({ word: word.release(), reply: inbox })
    assert.equal(await inbox.receive(), 'begun')
    await fillWith(options => object.send('message', options))
    return new this({ object, message: 'message', say })
  }

  drain () { this.say.close() }
  gone () { return writeAll(this.say, 'x') }
  close () { this.object.close() }
}

class RemoteActor extends Objects {
  static async make () {
    return new this({ object: await spawnVm(new URL('echo.lua', import.meta.url), { subprocess: {} }) })
  }

  feed () { return this.object.send('end') }
}

class RemoteAnswerer extends Answerer {
  static async make () {
    return new this({ object: await spawnVm(new URL('answerer.lua', import.meta.url), { subprocess: {} }), message: {} })
  }

  feed () { return this.object.send('answer') }
}

class FullRemoteActor extends Objects {
  static async make () {
    const object = await spawnVm(new URL('slow.lua', import.meta.url), { subprocess: {} })
    const [word, say] = pipe.pair()
    await object.send(word.release())
    const message = 'm'.repeat(255)
    await fillWith(options => object.send(message, options))
    return new this({ object, message, say })
  }

  drain () { this.say.close() }
  gone () { process.kill(this.object.childPid, 'SIGKILL') }
  close () { this.object.close() }
}

class StandardInput extends Objects {
  static make () { return new this({ object: system.stdin, buffer: new Uint8Array(5) }) }

  feed () { ask('input') }
  gone () { ask('end of input') }
}

class FullStandardError extends Objects {
  static async make () {
    await fill(system.stderr)
    return new this({ object: system.stderr, buffer: new Uint8Array(65536) })
  }

  drain () { ask('read errors') }
  gone () { ask('close errors') }
}

class SignalSet extends Objects {
  static make () {
    const signal = system.signal.SIGUSR1
    return new this({ object: new system.signal.Set(signal), signal })
  }

  feed () { system.signal.raise(this.signal) }
  close () { this.object.cancel() }
}

class Subprocess extends Objects {
  static async make () {
    return new this({ object: await system.spawn({ program: 'sleep', arguments: ['sleep', '1000'], signalOnGcreaper: 9 }) })
  }

  feed () { this.object.kill(9) }
}

const aSandbox = () => new Sandbox({ read: ['/'] })

class InSandbox extends Objects {
  static async make () { return new this({ object: aSandbox() }) }
}

class CopyingSandbox extends Objects {
  static async make () {
    const box = new Sandbox({ read: ['/'], copyOnWrite: mkdtempSync(join(process.env.SCRATCH, 'files-')) })
    await (await box.spawn({ program: 'touch', arguments: ['touch', 'made'] })).wait()
    return new this({ object: box })
  }
}

class Guest extends Objects {
  static async make () {
    return new this({ object: await aSandbox().spawn({ program: 'sleep', arguments: ['sleep', '1000'] }) })
  }

  feed () { this.object.kill(9) }
}

/** The sets of objects that operations are tried on; fixtures.lua says what is in one. */
export const fixtures = {
  nothing: Objects,
  loopback: Loopback,
  seconds: Seconds,
  process: Process,
  files: Files,
  path_iterator: PathIterator,
  directory_iterator: DirectoryIterator,
  recursive_directory_iterator: RecursiveDirectoryIterator,
  directory_entry: DirectoryEntry,
  steady_timer: SteadyTimer,
  system_timer: SystemTimer,
  tcp_pair: TcpPair,
  full_tcp_pair: FullTcpPair,
  tls_client: TlsClient,
  tls_server: TlsServer,
  tls_pair: TlsPair,
  full_tls_pair: FullTlsPair,
  tcp_acceptor: TcpAcceptor,
  full_listener: FullListener,
  pipe: Pipe,
  full_pipe: FullPipe,
  serial_port: SerialLine,
  full_serial_port: FullSerialLine,
  file_pipe: FilePipe,
  full_file_pipe: FullFilePipe,
  closed_file_stream: closedFile(file.Stream),
  closed_file_random_access: closedFile(file.RandomAccess),
  file_stream: openFile(file.Stream),
  file_random_access: openFile(file.RandomAccess),
  locked_file_stream: lockedFile(file.Stream),
  locked_file_random_access: lockedFile(file.RandomAccess),
  folder_descriptor: FolderDescriptor,
  capable_file: CapableFile,
  capable_descriptor: CapableDescriptor,
  udp_pair: UdpPair,
  unix_streams: UnixStreams,
  full_unix_streams: FullUnixStreams,
  unix_packets: UnixPackets,
  full_unix_packets: FullUnixPackets,
  unix_datagrams: UnixDatagrams,
  full_unix_datagrams: FullUnixDatagrams,
  unix_receiver: UnixReceiver,
  unix_stream_acceptor: UnixStreamAcceptor,
  unix_seqpacket_acceptor: UnixSeqpacketAcceptor,
  unix_stream_listener: UnixStreamListener,
  unix_seqpacket_listener: UnixSeqpacketListener,
  inbox: Inbox,
  actor: Actor,
  bounded_actor: BoundedActor,
  bounded_answerer: BoundedAnswerer,
  full_bounded_actor: FullBoundedActor,
  remote_actor: RemoteActor,
  remote_answerer: RemoteAnswerer,
  full_remote_actor: FullRemoteActor,
  answerer: Answerer,
  standard_input: StandardInput,
  full_standard_error: FullStandardError,
  libc_master: LibcMaster,
  signal_set: SignalSet,
  subprocess: Subprocess,
  sandbox: InSandbox,
  copying_sandbox: CopyingSandbox,
  guest: Guest,
  ...fakes
}
