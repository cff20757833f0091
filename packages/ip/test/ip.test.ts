// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError, asioError, isEof } from '@emilua/errors'
import { Address, connect, hostName, tcp, toEndpoint, toString, udp } from '@emilua/ip'
import { writeAll } from '@emilua/stream'
import { expect } from 'chai'
import { hostname } from 'node:os'

async function failure (promise: Promise<unknown>): Promise<EmiluaError> {
  return promise.then(() => expect.fail('it succeeded'), error => error)
}

async function pair (): Promise<{ client: tcp.Socket, server: tcp.Socket }> {
  await using acceptor = await tcp.listen('127.0.0.1:0')
  const accepting = acceptor.accept()
  const client = await tcp.dial(`127.0.0.1:${acceptor.localPort}`)
  return { client, server: await accepting }
}

describe('Address', () => {
  it('is a value', () => {
    const a = new Address('::1')
    expect(a.equals(Address.loopbackV6())).equal(true)
    expect(a.equals('::1')).equal(false)
    expect(String(a)).equal('::1')
    expect(String(new Address())).equal('0.0.0.0')
    expect(new Address('10.0.0.1').compareTo(new Address('10.0.0.2'))).equal(-1)
  })

  it('gives another one instead of changing', () => {
    const a = new Address('fe80::1')
    const b = a.withScopeId(2)
    expect([a.scopeId, b.scopeId]).deep.equal([0, 2])
    expect(String(new Address('127.0.0.1').toV6())).equal('::ffff:127.0.0.1')
  })

  it('knows what kind of address it is', () => {
    expect(Address.anyV4()).include({ isUnspecified: true, isV4: true, isV6: false, isLoopback: false })
    expect(new Address('ff02::1')).include({ isMulticast: true, isMulticastLinkLocal: true })
    expect(() => Address.anyV4().isLinkLocal).throw(EmiluaError).include({ code: 'EAFNOSUPPORT' })
  })

  it('refuses what is none', () => {
    expect(() => new Address('300.1.1.1')).throw(EmiluaError)
    expect(() => new Address(7 as never)).throw(EmiluaError).include({ code: 'EINVAL', arg: 'str' })
  })
})

describe('endpoints', () => {
  it('are written and read', () => {
    expect(toString(Address.loopbackV6(), 80)).equal('[::1]:80')
    const { address, port } = toEndpoint('192.0.2.1:443')
    expect([String(address), port]).deep.equal(['192.0.2.1', 443])
    expect(() => toEndpoint('localhost:80')).throw(EmiluaError).include({ code: 'EINVAL', arg: 'ep' })
  })

  it('have a host', () => {
    expect(hostName()).equal(hostname())
  })
})

describe('tcp', () => {
  it('carries bytes both ways and ends with an error', async () => {
    const { client, server } = await pair()
    await writeAll(client, 'ping')
    const buffer = new Uint8Array(16)
    expect(new TextDecoder().decode(buffer.subarray(0, await server.readSome(buffer)))).equal('ping')
    server.shutdown('send')
    expect(isEof(await failure(client.readSome(buffer)))).equal(true)
    client.close()
    server.close()
  })

  it('closes as often as one likes, and what is closed says so', async () => {
    const { client, server } = await pair()
    const reading = failure(client.readSome(new Uint8Array(1)))
    client.close()
    client.close()
    client[Symbol.dispose]()
    await client[Symbol.asyncDispose]()
    expect(asioError.basic.operationAborted.equals(await reading)).equal(true)
    expect(client.isOpen).equal(false)
    expect(() => client.localPort).throw(EmiluaError).include({ code: 'EBADF' })
    expect((await failure(client.readSome(new Uint8Array(1)))).code).equal('EBADF')
    server.close()
  })

  it('is iterated over: connections and chunks', async () => {
    const acceptor = await tcp.listen('127.0.0.1:0')
    const clients = await Promise.all(['a', 'b'].map(async text => {
      const client = await tcp.dial(`127.0.0.1:${acceptor.localPort}`)
      await writeAll(client, text)
      client.close()
      return text
    }))
    const heard: string[] = []
    for await (const socket of acceptor) {
      for await (const chunk of socket) heard.push(new TextDecoder().decode(chunk))
      if (heard.length === clients.length) break
    }
    expect(heard.sort()).deep.equal(['a', 'b'])
    expect(acceptor.isOpen).equal(true)
    acceptor.close()
  })

  it('keeps options', async () => {
    const { client, server } = await pair()
    client.setOption('tcp_no_delay', true)
    expect(client.getOption('tcp_no_delay')).equal(true)
    client.setOption('linger', { enabled: true, timeout: 3 })
    expect(client.getOption('linger')).deep.equal({ enabled: true, timeout: 3 })
    expect(() => client.setOption('no_such_option' as never, true as never)).throw(EmiluaError).include({ code: 'EINVAL', arg: 'opt' })
    client.close()
    server.close()
  })

  it('is opened by bind, and stays closed where that fails', async () => {
    for (const [address, family] of [['127.0.0.1', 'v4'], ['::1', 'v6']] as const) {
      const [acceptor, socket, datagrams] = [new tcp.Acceptor(), new tcp.Socket(), new udp.Socket()]
      for (const object of [acceptor, socket, datagrams]) {
        object.bind(new Address(address), 0)
        expect([object.isOpen, String(object.localAddress), object.localPort > 0]).deep.equal([true, address, true])
        expect(() => object.open(family)).throw(EmiluaError).include({ code: 'ALREADY_OPEN' })
      }
      acceptor.listen()
      await socket.connect(acceptor.localAddress, acceptor.localPort)
      for (const object of [acceptor, socket, datagrams]) object.close()
    }
    const socket = new tcp.Socket()
    expect(() => socket.bind('192.0.2.1', 0)).throw(EmiluaError).include({ code: 'EADDRNOTAVAIL', address: '192.0.2.1' })
    expect(socket.isOpen).equal(false)
  })

  it('peeks', async () => {
    const { client, server } = await pair()
    await writeAll(client, 'look')
    const buffer = new Uint8Array(4)
    await server.wait('read')
    expect(await server.receive(buffer, { flags: ['peek'] })).equal(4)
    expect(server.ioControl('bytes_readable')).equal(4)
    expect(await server.receive(buffer)).equal(4)
    client.close()
    server.close()
  })

  it('moves a connection to another object', async () => {
    const { client, server } = await pair()
    const moved = new tcp.Socket()
    moved.assign('v4', client.release())
    expect(client.isOpen).equal(false)
    await writeAll(moved, 'x')
    expect(await server.readSome(new Uint8Array(1))).equal(1)
    moved.close()
    server.close()
  })

  it('says who refused', async () => {
    const gone = await tcp.listen('127.0.0.1:0')
    const port = gone.localPort
    gone.close()
    const error = await failure(tcp.dial(`127.0.0.1:${port}`))
    expect(error).include({ code: 'ECONNREFUSED', syscall: 'connect' })
  })
})

describe('names', () => {
  it('are resolved for every protocol', async () => {
    for (const protocol of [tcp, udp]) {
      const [first] = await protocol.getAddressV4Info('localhost', '80')
      expect(String(first!.address)).equal('127.0.0.1')
      expect(first!.port).equal(80)
      expect((await protocol.getNameInfo(Address.loopbackV4(), 9))[0]).have.keys('hostName', 'serviceName')
    }
  })

  it('that do not exist are an error', async () => {
    expect(await failure(tcp.getAddressInfo('host.invalid', '80'))).instanceOf(EmiluaError)
  })

  it('of ports stop at 65535', async () => {
    for (const port of ['65536', '70000', '4294967296', ' 80', '+80', '-1']) {
      for (const open of [tcp.dial, tcp.listen, udp.dial]) {
        expect(await failure(open(`127.0.0.1:${port}`)), port).include({ code: 'EINVAL', arg: 'ep' })
      }
      for (const protocol of [tcp, udp]) {
        expect(await failure(protocol.getAddressInfo('127.0.0.1', port)), port).include({ code: 'EINVAL', arg: 'service' })
      }
    }
    expect(await failure(tcp.getAddressInfo('127.0.0.1', 70000))).include({ code: 'EINVAL', arg: 'service' })
    expect((await tcp.getAddressInfo('127.0.0.1', '65535'))[0]!.port).equal(65535)
  })
})

describe('Socket.connect', () => {
  it('takes an address as text, and no port beyond 65535', async () => {
    using acceptor = await tcp.listen('127.0.0.1:0')
    using socket = new tcp.Socket()
    for (const port of [65536, 70000, -1, 1.5]) {
      expect(await failure(socket.connect('127.0.0.1', port)), String(port)).include({ code: 'EINVAL', arg: 'port' })
    }
    expect(await failure(socket.connect('localhost', acceptor.localPort))).include({ code: 'EINVAL', arg: 'addr' })
    await socket.connect('127.0.0.1', acceptor.localPort)
    expect([String(socket.remoteAddress), socket.remotePort]).deep.equal(['127.0.0.1', acceptor.localPort])
  })
})

describe('a connection that was lost', () => {
  it('names its peer, though the kernel does not call it connected any more', async () => {
    for (const [host, name] of [['127.0.0.1', '127.0.0.1'], ['::1', '[::1]']] as const) {
      await using acceptor = await tcp.listen(`${name}:0`)
      const port = acceptor.localPort
      const accepting = acceptor.accept()
      await using client = await tcp.dial(`${name}:${port}`)
      const server = await accepting
      const reading = failure(client.readSome(new Uint8Array(1)))
      server.setOption('linger', { enabled: true, timeout: 0 })
      server.close()
      expect(await reading).include({ code: 'ECONNRESET', syscall: 'recv', address: host, port, message: `recv ECONNRESET ${name}:${port}` })
      expect(await failure(client.writeSome(new Uint8Array(1)))).include({ code: 'EPIPE', syscall: 'send', address: host, port })
    }
  })
})

describe('a datagram that nobody took', () => {
  it('names who did not', async () => {
    using gone = new udp.Socket()
    gone.bind('127.0.0.1', 0)
    const port = gone.localPort
    using sender = await udp.dial(`127.0.0.1:${port}`)
    gone.close()
    await sender.send(new Uint8Array(1))
    expect(await failure(sender.receive(new Uint8Array(1)))).include({ code: 'ECONNREFUSED', address: '127.0.0.1', port })
  })
})

describe('what a newcomer gets wrong', () => {
  const message = async (call: () => unknown): Promise<string> => {
    try {
      await call()
    } catch (error) {
      return (error as Error).message
    }
    return 'it was taken'
  }
  const closed = 'Bad file descriptor: the socket is not open: closed, maybe by another fiber, given away, or never opened'

  it('is a socket that is closed, here or by another fiber', async () => {
    const acceptor = await tcp.listen('127.0.0.1:0')
    const socket = await tcp.dial(`127.0.0.1:${acceptor.localPort}`)
    const reading = message(() => socket.readSome(new Uint8Array(1)))
    await new Promise(resolve => setImmediate(resolve))
    socket.close()
    expect(await reading).equal('recv: Operation canceled: the socket was closed meanwhile')
    expect(await message(() => socket.readSome(new Uint8Array(1)))).equal(`recv: ${closed}`)
    expect(await message(() => socket.writeSome(new Uint8Array(1)))).equal(`send: ${closed}`)
    expect(await message(() => socket.localPort)).equal(`getsockname: ${closed}`)
    expect(await message(() => new tcp.Acceptor().listen())).equal(`listen: ${closed.replace('socket', 'acceptor')}`)
    expect(await failure(socket.readSome(new Uint8Array(1)))).include({ code: 'EBADF', syscall: 'recv' })
    acceptor.close()
  })

  it('is a host and a port apart, a method without its object, and a word that is misspelt', async () => {
    const dial = tcp.dial as (...words: unknown[]) => unknown
    expect(await message(() => dial('127.0.0.1', 80))).equal('options: Expected an object of signal, hold, not 80: host and port are one text, "127.0.0.1:80"')
    expect(await message(() => dial('127.0.0.1', '80'))).equal('options: Expected an object of signal, hold, not "80": host and port are one text, "127.0.0.1:80"')
    expect(await message(() => dial('127.0.0.1:80', 'x'))).equal('options: Expected an object of signal, hold, not "x"')
    expect(await message(() => dial('localhost'))).equal('ep: Expected "host:service" or "[IPv6]:service" in one text, not "localhost"')
    const { close, readSome } = new tcp.Socket()
    expect(await message(() => close.call(undefined as never))).equal('this: Expected a tcp.Socket: call object.close(…)')
    expect(await message(() => readSome.call(undefined as never, new Uint8Array(1)))).equal('this: Expected a tcp.Socket: call object.readSome(…)')
    await using socket = new tcp.Socket()
    expect(await message(() => socket.writeSome('x' as never))).equal('buffer: Expected a Uint8Array, not "x": Buffer.from(text) makes one')
    expect(await message(() => { socket.setOption('tcp_nodelay' as never, true as never) })).match(/not "tcp_nodelay"; is it 'tcp_no_delay' that is meant\?$/)
    expect(await message(() => { socket.open('v5' as never) })).equal('addressFamily: Expected one of "v4", "v6" or an Address, not "v5": new Address(text) makes one')
  })
})

describe('connect', () => {
  it('goes on to the next endpoint and tells why', async () => {
    await using acceptor = await tcp.listen('127.0.0.1:0')
    await using socket = new tcp.Socket()
    const refused = await tcp.listen('127.0.0.1:0')
    const endpoints = [refused.localPort, acceptor.localPort].map(port => ({ address: Address.loopbackV4(), port }))
    refused.close()
    const seen: unknown[] = []
    const chosen = await connect(socket, endpoints, (error, _, port) => {
      seen.push(error?.code, port)
      return true
    })
    expect(chosen).deep.equal(endpoints[1])
    expect(seen).deep.equal([undefined, endpoints[0]!.port, 'ECONNREFUSED', endpoints[1]!.port])
    expect(socket.remotePort).equal(acceptor.localPort)
  })

  it('takes a field that is undefined as none', async () => {
    await using acceptor = await tcp.listen('127.0.0.1:0')
    await using socket = new tcp.Socket()
    const endpoint = { address: Address.loopbackV4(), port: acceptor.localPort, canonicalName: undefined }
    await connect(socket, [{ ...endpoint, adress: undefined } as typeof endpoint])
    expect(socket.remotePort).equal(acceptor.localPort)
    expect(await failure(connect(socket, [{ ...endpoint, adress: 5 } as typeof endpoint]))).include({ code: 'EINVAL', arg: 'endpoints[0].adress' })
  })

  it('fails as the last attempt did, or for want of one', async () => {
    const socket = new tcp.Socket()
    expect(asioError.misc.notFound.equals(await failure(connect(socket, [])))).equal(true)
    const endpoints = [{ address: Address.loopbackV4(), port: 1 }]
    expect(asioError.misc.notFound.equals(await failure(connect(socket, endpoints, () => false)))).equal(true)
    expect((await failure(connect(socket, endpoints))).code).equal('ECONNREFUSED')
  })
})
