// SPDX-License-Identifier: MIT OR BSL-1.0
import { NativeObject, handleOf, natives, operate0, operate1, wireOf } from '@emilua/native'
import { inbox, type Message } from '@emilua/runtime'
import { Address, tcp } from '@emilua/ip'
import { SteadyTimer } from '@emilua/time'
import { expect } from 'chai'
import { Counter, Label, call, n, thrown } from './everything.js'

describe('messages of everything that can be described', () => {
  describe('a message', () => {
    it('takes objects along', () => {
      const [a, b] = [new Counter(1), new Counter(2)]
      const arrived = call('echo_value', { list: [a, { b }] }) as { list: [Counter, { b: Counter }] }
      expect([arrived.list[0].count, arrived.list[1].b.count]).to.deep.equal([1, 2])
      expect(arrived.list[0]).to.be.instanceOf(Counter)
      for (const gone of [a, b]) {
        expect(thrown(() => gone.count)).to.include({ code: 'EBADF', arg: 'this', message: 'this: Expected an object that was not given away' })
        expect(thrown(() => call('count_of', gone))).to.include({ code: 'EBADF', arg: 'counter' })
        expect(thrown(() => call('echo_value', [gone]))).to.include({ code: 'EBADF', arg: 'v[0]' })
      }
    })

    it('takes all of them or none', async () => {
      const [a, refuses, busy] = [new Counter(1), new Counter(-1), new Counter(2)]
      expect(thrown(() => call('echo_value', [a, refuses]))).to.include({ code: 'EPERM', arg: 'v[1]' })
      call('counter.set_busy', handleOf(busy), true)
      expect(thrown(() => call('echo_value', { x: [a], y: busy }))).to.include({ code: 'EBUSY', arg: 'v.y' })
      expect(thrown(() => call('echo_value', [a, () => {}]))).to.include({ code: 'EINVAL', arg: 'v[1]' })
      expect(thrown(() => call('echo_value', [a, a]))).to.include({ code: 'EINVAL', arg: 'v[1]' })
      const pending = operate0(n['counter.later']!, handleOf(a), undefined)
      expect(thrown(() => call('echo_value', a))).to.include({ code: 'EBUSY', arg: 'v' })
      await pending
      expect([a.count, refuses.count, busy.count]).to.deep.equal([1, -1, 2])
    })

    it('delivers an object once, whatever a getter does with it', async () => {
      const sent = (a: Counter, f: () => void): unknown => thrown(() => call('echo_value', [a, { get x () { f(); return 1 } }]))
      const [a, b, c] = [new Counter(1), new Counter(2), new Counter(3)]
      let inner: Counter[] = []
      expect(sent(a, () => { inner = call('echo_value', [a]) as Counter[] })).to.include({ code: 'EBADF', arg: 'v[0]' })
      expect(inner[0]!.count).to.equal(1)
      expect(thrown(() => a.count)).to.include({ code: 'EBADF' })
      expect(sent(b, () => { call('swallow', b) })).to.include({ code: 'EBADF', arg: 'v[0]' })
      let pending: Promise<unknown> | undefined
      expect(sent(c, () => { pending = operate1(n['counter.count_behind_gate']!, handleOf(c), undefined, 1) })).to.include({ code: 'EBUSY', arg: 'v[0]' })
      call('open_gate')
      expect(await pending).to.equal(4)
      expect(c.count).to.equal(4)
    })

    it('leaves the end of a block alone', async () => {
      const left = async (): Promise<tcp.Socket> => {
        using socket = new tcp.Socket()
        await using other = new tcp.Socket()
        using closed = new tcp.Socket()
        call('echo_value', [socket, other])
        closed.close()
        return socket
      }
      const socket = await left()
      expect(thrown(() => socket.close())).to.include({ code: 'EBADF', arg: 'this' })
    })

    it('that nobody takes gives them back', () => {
      const actor = natives('actor')
      const own = call('echo_value', inbox) as NativeObject
      actor['channel.close']!(handleOf(own))
      const a = new Counter(3)
      expect(thrown(() => actor['channel.send']!(handleOf(own), { a }))).to.include({ code: 'CHANNEL_CLOSED' })
      expect(a.count).to.equal(3)
    })

    it('takes values and addresses of actors as copies', async () => {
      const label = new Label(Uint8Array.of(255))
      const own = call('echo_value', { to: inbox, label }) as { to: NativeObject, label: Label }
      expect(wireOf(own.label)).to.deep.equal(Uint8Array.of(255))
      natives('actor')['channel.send']!(handleOf(own.to), { again: own.to, at: new Address('::1') })
      const message = await inbox.receive<{ again: NativeObject, at: Address } & Message>()
      expect(String(message.at)).to.equal('::1')
      expect(message.again.constructor).to.equal(own.to.constructor)
    })

    it('refuses what cannot leave', () => {
      expect(thrown(() => call('echo_value', { s: new SteadyTimer() }))).to.include({ code: 'EINVAL', arg: 'v.s' })
    })
  })
})
