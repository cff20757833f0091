// SPDX-License-Identifier: MIT OR BSL-1.0
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import { Address } from '@emilua/ip'
import { inbox, spawn, spawnVm, thisFiber, FiberCanceled, type Channel } from '@emilua/runtime'
import { SteadyTimer } from '@emilua/time'
import { failure, program } from './actors.js'

describe('actors', () => {
  describe('messages', () => {
    let echo: Channel<unknown>
    before(async () => {
      echo = await spawnVm<unknown>(program('echo.lua'))
      echo.send(inbox)
    })
    after(async () => {
      // It has got its own address.
      for (let i = 0; i < 2; i++) await roundTrip('collect')
      echo.close()
      expect(await echo.closed).to.deep.equal({ reason: 'ended' })
    })

    const roundTrip = async (message: unknown): Promise<unknown> => {
      echo.send(message)
      return (await inbox.receive<{ message?: unknown }>()).message
    }

    for (const message of [true, false, 0, -1.5, 2 ** 53, 'text', 'zażółć', '', [1, 2, 3], { a: { b: ['c'] } }]) {
      it(`carries ${JSON.stringify(message)}`, async () => {
        expect(await roundTrip(message)).to.deep.equal(message)
      })
    }

    it('carries undefined and null as nil', async () => {
      expect(await roundTrip(undefined)).to.equal(undefined)
      expect(await roundTrip(null)).to.equal(undefined)
    })

    it('copies bytes', async () => {
      const bytes = Uint8Array.of(0, 1, 255)
      echo.send(bytes)
      bytes.fill(7)
      const { type, message } = await inbox.receive<{ type: string, message: Uint8Array }>()
      expect(type).to.equal('cdata')
      expect([...message]).to.deep.equal([0, 1, 255])
    })

    it('carries values of the description', async () => {
      const address = await roundTrip(new Address('::1')) as Address
      expect(address).to.be.instanceOf(Address)
      expect(String(address)).to.equal('::1')
    })

    it('carries channels, which stay what they are', async () => {
      const copy = await roundTrip(echo) as Channel<unknown>
      copy.send('through the copy')
      expect(await inbox.receive<object>()).to.include({ message: 'through the copy' })
      copy.close()
    })

    it('keeps their order', async () => {
      for (let i = 0; i < 1000; i++) echo.send(i)
      for (let i = 0; i < 1000; i++) expect((await inbox.receive<{ message: number }>()).message).to.equal(i)
    })

    it('has no nil in a table, and one kind of empty table', async () => {
      expect(await roundTrip({ a: null, b: undefined })).to.deep.equal({})
      expect(await roundTrip([1, null])).to.deep.equal([1])
      expect(await roundTrip([])).to.deep.equal({})
    })

    it('carries bigints', async () => {
      expect(await roundTrip([2n ** 63n - 1n, -(2n ** 63n)])).to.deep.equal([2n ** 63n - 1n, -(2n ** 63n)])
      expect(await failure(() => { echo.send(2n ** 63n) })).to.include({ code: 'EINVAL', arg: 'message' })
    })

    const another = (source: string): unknown => runInNewContext(source)
    const plain: [string, () => unknown, unknown][] = [
      ['object without prototype', () => Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
      ['frozen object', () => Object.freeze({ a: 1 }), { a: 1 }],
      ['proxy of a plain object', () => new Proxy({ a: 1 }, {}), { a: 1 }],
      ['object with a getter', () => ({ get a () { return 1 } }), { a: 1 }],
      ['object of another realm', () => another('({ a: [1, { b: 2 }] })'), { a: [1, { b: 2 }] }],
      ['bytes of another realm', () => another('new Uint8Array([1, 2])'), Uint8Array.of(1, 2)],
      ['Buffer', () => Buffer.from('hi'), Uint8Array.of(104, 105)],
      ['replacement character', () => 'a\ufffdb', 'a\ufffdb'],
      ['object that is there twice', () => { const o = { a: 1 }; return [o, o] }, [{ a: 1 }, { a: 1 }]]
    ]
    for (const [name, make, result] of plain) {
      it(`copies this kind: ${name}`, async () => {
        expect(await roundTrip(make())).to.deep.equal(result)
      })
    }

    class Account { balance = 1 }
    const refused: [string, () => unknown][] = [
      ['a Date cannot be sent; send its getTime()', () => new Date()],
      ['a Date cannot be sent; send its getTime()', () => another('new Date()')],
      ['a Date cannot be sent; send its getTime()', () => new Proxy(new Date(), {})],
      ['a Map cannot be sent; send an array of its entries', () => new Map([[1, 2]])],
      ['a Set cannot be sent; send an array of its values', () => new Set([1])],
      ['a TypeError cannot be sent; send its message', () => new TypeError('x')],
      ['a RegExp cannot be sent; send its source', () => /x/],
      ['a URL cannot be sent; send its href', () => new URL('http://x/')],
      ['a Promise cannot be sent; await it', () => Promise.resolve()],
      ['a String cannot be sent; send its valueOf()', () => Object('s')],
      ['a Number cannot be sent; send its valueOf()', () => Object(1)],
      ['a Boolean cannot be sent; send its valueOf()', () => Object(true)],
      ['a BigInt cannot be sent; send its valueOf()', () => Object(1n)],
      ['a Float64Array cannot be sent; send a Uint8Array of its bytes, or an array of its numbers', () => Float64Array.of(1)],
      ['a Uint8ClampedArray cannot be sent; send a Uint8Array of its bytes, or an array of its numbers', () => Uint8ClampedArray.of(1)],
      ['an ArrayBuffer cannot be sent; send a Uint8Array of its bytes', () => new ArrayBuffer(1)],
      ['a DataView cannot be sent; send a Uint8Array of its bytes', () => new DataView(new ArrayBuffer(1))],
      ['an Account cannot be sent; send a plain object of what it holds', () => new Account()],
      ['an Object cannot be sent; send a copy, { ...it }', () => Object.create({ a: 1 })],
      ['an Array cannot be sent; send a copy without other keys, [...it]', () => Object.assign([1], { extra: 1 })],
      ['an Array cannot be sent; send a copy, [...it]', () => new Proxy([1], {})],
      ['a SteadyTimer cannot be sent', () => new SteadyTimer()],
      ['a function cannot be sent', () => () => {}],
      ['a symbol cannot be sent', () => Symbol('s')],
      ['text with half of a surrogate pair cannot be sent; send its toWellFormed(), or bytes', () => '\u{1F600}'.slice(0, 1)]
    ]
    for (const [text, make] of refused) {
      it(`says that ${text}`, async () => {
        const part = make()
        expect(await failure(() => { echo.send(part) })).to.include({ code: 'EINVAL', message: `message: ${text}` })
        expect(await failure(() => { echo.send({ deep: [1, part] }) })).to.include({
          code: 'EINVAL', arg: 'message.deep[1]', message: `message.deep[1]: ${text}`
        })
      })
    }

    it('refuses what is inside of itself, and names where', async () => {
      const cycle: Record<string, unknown> = { list: [] };
      (cycle['list'] as unknown[]).push(1, { cycle })
      expect(await failure(() => { echo.send(cycle) })).to.include({
        code: 'EINVAL', message: 'message.list[1].cycle: an object inside of itself cannot be sent'
      })
    })

    it('throws what a getter throws, and sends nothing', async () => {
      const thrown = new Error('not today')
      expect(() => { echo.send({ get a () { throw thrown } }) }).to.throw(thrown)
      expect(await roundTrip('next')).to.equal('next')
    })

    it('has a type that says so', () => {
      const types = (channel: Channel): void => {
        channel.send([1n, 'text', null, { a: new Uint8Array(1), b: new Address(), c: channel, d: inbox }])
        // @ts-expect-error -- it cannot be sent
        channel.send(new Date())
        // @ts-expect-error -- it cannot be sent
        channel.send(new Map<string, string>())
        // @ts-expect-error -- it cannot be sent
        channel.send({ deep: [new Error('x')] })
        // @ts-expect-error -- it cannot be sent
        channel.send(() => {})
        // @ts-expect-error -- it cannot be sent
        channel.send(Promise.resolve(1))
      }
      expect(types).to.be.a('function')
    })
  })

  it('lets one receiver wait at a time', async () => {
    const fiber = spawn(() => inbox.receive())
    await thisFiber.yield()
    expect(await failure(() => inbox.receive())).to.include({ code: 'EBUSY' })
    fiber.cancel()
    const error = await fiber.join().catch((e: unknown) => e)
    expect(error).to.be.instanceOf(FiberCanceled)
  })

  it('ends a receive by its signal', async () => {
    const controller = new AbortController()
    const received = inbox.receive({ signal: controller.signal })
    controller.abort(new Error('enough'))
    expect(await received.catch((e: Error) => e.message)).to.equal('enough')
  })

  it('prints channels without waiting for anything', async () => {
    const channel = await spawnVm(program('waiting.lua'))
    expect(inspect(channel)).to.equal('Channel { isOpen: true }')
    expect(process.getActiveResourcesInfo().join()).to.not.include('channel.closed')
    channel.close()
    expect(inspect([channel, inbox])).to.equal('[ Channel { isOpen: false }, Inbox { isOpen: true } ]')
  })

  it('says why an actor ended', async () => {
    const failing = await spawnVm(program('failing.lua'))
    expect((await failing.closed).reason).to.match(/^panicked: on purpose/)
    expect(await failure(() => { failing.send(1) })).to.include({ code: 'CHANNEL_CLOSED' })
  })

  it('ends an actor that nobody can send to', async () => {
    const waiting = await spawnVm(program('waiting.lua'))
    const { closed } = waiting
    waiting.close()
    expect((await closed).reason).to.equal('ended')
    expect(await failure(() => { waiting.send(1) })).to.include({ code: 'CHANNEL_CLOSED' })
  })

  it('runs an actor on a thread of its own', async () => {
    const own = await spawnVm<unknown>(program('echo.lua'), { inheritContext: false })
    own.send(inbox)
    own.send('alone')
    expect(await inbox.receive<object>()).to.include({ message: 'alone' })
    own.close()
    expect((await own.closed).reason).to.equal('ended')
  })

  it('compares addresses by the inbox that they lead to', async () => {
    const channel = await spawnVm<unknown>(program('echo.lua'))
    const other = await spawnVm<unknown>(program('echo.lua'))
    channel.send(inbox)
    channel.send({ one: channel, other })
    const { message } = await inbox.receive<{ message: { one: Channel, other: Channel } }>()
    expect(message.one).not.to.equal(channel)
    expect(message.one.equals(channel)).to.equal(true)
    expect(channel.equals(message.one)).to.equal(true)
    expect(message.other.equals(other)).to.equal(true)
    expect(message.other.equals(channel)).to.equal(false)
    for (const wrong of [inbox, {}, null, 5]) expect(channel.equals(wrong)).to.equal(false)
    for (const each of [message.one, message.other, channel, other]) each.close()
  })

  it('rejects a program that is not there', async () => {
    expect(await failure(() => spawnVm(program('nothing.lua')))).to.include({ code: 'MODULE_NOT_FOUND', arg: 'module' })
  })

  it('says where it looked for a program that is not there, and what may be meant', async () => {
    const echo = fileURLToPath(program('echo.lua'))
    const bare = echo.slice(0, -'.lua'.length)
    expect(await failure(() => spawnVm(bare))).to.have.property('message', `module: Module not found: ${bare} (is echo.lua meant?)`)
    const folder = dirname(bare)
    expect(await failure(() => spawnVm(folder))).to.have.property('message', `module: Module not found: ${join(folder, 'init.lua')}`)
    expect(await failure(() => spawnVm('nosuch.lua'))).to.have.property('message', `module: Module not found: ${resolve(dirname(process.argv[1]!), 'nosuch.lua')}`)
    expect(await failure(() => spawnVm(program('echo.lua').href))).to.have.property('message', 'module: Expected a path or a URL object, not the text of a URL')
  })

  it('refuses options and programs that are none, by name', async () => {
    for (const [arg, ...words] of [
      ['module', 5], ['options', program('nothing.lua'), 5], ['options.foo', program('nothing.lua'), { foo: 1 }],
      ['options.inheritContext', program('nothing.lua'), { inheritContext: 5 }]
    ] as const) {
      const error = await failure(() => (spawnVm as (...all: unknown[]) => Promise<unknown>)(...words))
      expect(error, arg).to.include({ code: 'EINVAL', arg })
      expect(String(error)).to.include('Expected')
    }
  })
})
