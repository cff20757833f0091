// SPDX-License-Identifier: MIT OR BSL-1.0
import { Address, tcp, udp, type Linger, type TcpSocketOption, type TcpSocketOptionValues } from '@emilua/ip'
import { expect } from 'chai'

describe('the types of options', () => {
  it('are each option\'s own, of TCP', () => {
    using socket = new tcp.Socket()
    socket.open('v4')
    const delay: boolean = socket.getOption('tcp_no_delay')
    const size: number = socket.getOption('send_buffer_size')
    const { enabled, timeout }: Linger = socket.getOption('linger')
    expect([delay, size > 0, enabled, timeout]).to.deep.equal([false, true, false, 0])

    // @ts-expect-error a boolean is no number
    expect((socket.getOption('tcp_no_delay') satisfies number) as unknown).to.equal(false)
    // @ts-expect-error not a number
    expect(() => socket.setOption('tcp_no_delay', 5)).to.throw().with.property('arg', 'val')
    // @ts-expect-error not a boolean
    expect(() => socket.setOption('send_buffer_size', true)).to.throw().with.property('arg', 'val')
    // @ts-expect-error its timeout is a field
    expect(() => socket.setOption('linger', true, 5)).to.throw().with.property('arg', 'val')
    // @ts-expect-error there is none
    expect(() => socket.getOption('tcp_no_delays')).to.throw().with.property('arg', 'opt')
  })

  it('can be passed on by name', () => {
    using socket = new tcp.Socket()
    socket.open('v4')
    const set = <K extends TcpSocketOption>(option: K, value: TcpSocketOptionValues[K]): TcpSocketOptionValues[K] => {
      socket.setOption(option, value)
      return socket.getOption(option)
    }
    const alive: boolean = set('keep_alive', true)
    expect([alive, set('linger', { enabled: true, timeout: 2 })]).to.deep.equal([true, { enabled: true, timeout: 2 }])
  })

  it('are each option\'s own, of UDP', () => {
    using socket = new udp.Socket()
    socket.open('v4')
    const hops: number = socket.getOption('multicast_hops')
    expect(hops).to.equal(1)
    const group = new Address('224.0.0.251')
    expect(() => {
      // @ts-expect-error an address is needed
      socket.setOption('join_multicast_group', '224.0.0.251')
    }).to.throw().with.property('arg', 'val')
    expect(() => {
      // @ts-expect-error it can only be set
      socket.getOption('join_multicast_group')
    }).to.throw().with.property('arg', 'opt')
    // @ts-expect-error an address is no boolean
    expect(() => socket.setOption('broadcast', group)).to.throw().with.property('arg', 'val')
  })
})

describe('flags', () => {
  it('are options, beside the signal', async () => {
    using receiver = new udp.Socket()
    receiver.bind('127.0.0.1', 0)
    using sender = await udp.dial(`127.0.0.1:${receiver.localPort}`)
    await sender.send(new Uint8Array([1, 2]), { flags: ['do_not_route'] })
    const buffer = new Uint8Array(4)
    const { signal } = new AbortController()
    expect(await receiver.receive(buffer, { flags: ['peek'], signal })).to.equal(2)
    expect(await receiver.receiveFrom(buffer, { signal, flags: ['peek'] })).to.include({ size: 2, port: sender.localPort })
    expect(await receiver.receive(buffer)).to.equal(2)
    expect(await receiver.receive(buffer, { signal: AbortSignal.timeout(1) }).catch(error => (error as Error).name))
      .to.equal('TimeoutError')
    await receiver.sendTo(buffer, new Address('127.0.0.1'), sender.localPort, { flags: [] })
    expect(await sender.receive(buffer)).to.equal(4)
    // @ts-expect-error they are no argument of their own
    const alone: unknown = await receiver.sendTo(buffer, new Address('127.0.0.1'), sender.localPort, ['do_not_route']).catch((error: unknown) => error)
    expect(alone).to.include({ code: 'EINVAL', arg: 'options' })
    const misspelt = { flag: ['peek'], signal } as { signal: AbortSignal }
    expect(await receiver.receive(buffer, misspelt).catch((error: unknown) => error)).to.include({ code: 'EINVAL', arg: 'options.flag' })
    // @ts-expect-error no such flag
    const refused: unknown = await receiver.receive(buffer, { flags: ['peeks'] }).catch((error: unknown) => error)
    expect(refused).to.include({ code: 'EINVAL', arg: 'flags[0]' })
  })

  it('are options of lookups', async () => {
    const [first] = await tcp.getAddressInfo('127.0.0.1', 80, { flags: ['canonical_name'] })
    expect(first).to.have.property('canonicalName', '127.0.0.1')
  })
})

describe('a datagram that does not fit', () => {
  it('is EMSGSIZE, and the next one is received', async () => {
    using receiver = new udp.Socket()
    receiver.bind('127.0.0.1', 0)
    using sender = await udp.dial(`127.0.0.1:${receiver.localPort}`)
    const buffer = new Uint8Array(3)
    const code = (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(() => 'received', (error: unknown) => (error as { code: unknown }).code)
    for (const waits of [false, true]) {
      for (const receive of [() => receiver.receive(buffer), () => receiver.receiveFrom(buffer)]) {
        const early = waits ? code(receive()) : null
        await sender.send(new Uint8Array([1, 2, 3, 4]))
        expect(await (early ?? code(receive()))).to.equal('EMSGSIZE')
        expect([...buffer]).to.deep.equal([1, 2, 3])
      }
    }
    await sender.send(new Uint8Array([5, 6, 7]))
    await sender.send(new Uint8Array(4))
    expect(await receiver.receive(buffer)).to.equal(3)
    expect(await receiver.receive(buffer, { flags: ['peek'] })).to.equal(3)
    expect(await receiver.receive(new Uint8Array(4))).to.equal(4)
  })
})
