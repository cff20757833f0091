// SPDX-License-Identifier: MIT OR BSL-1.0
import { NativeValue, handleOf, operate0, operate1, wireOf } from '@emilua/native'
import { Address } from '@emilua/ip'
import { steadyClock } from '@emilua/time'
import { expect } from 'chai'
import { Counter, Label, Word, call, n, rejection, thrown } from './everything.js'

describe('objects of everything that can be described', () => {
  describe('objects', () => {
    it('are taken wherever they are, and named there', () => {
      const [a, b, c] = [1, 10, 100].map(i => new Counter(i))
      expect(call('total', { one: a, manyOfThem: [b, b], byName: { 'x': [c], 'y z': [] } })).to.equal(121)
      expect(call('count_of', c)).to.equal(100)
      expect(call('count_of', 2.5)).to.equal(2)
      expect(thrown(() => call('total', { byName: { 'y z': [a, new Address()] } })))
        .to.include({ code: 'EINVAL', arg: 'counters.byName["y z"][1]', message: 'counters.byName["y z"][1]: Expected a Counter, not an Address' })
    })

    it('come inside of results', () => {
      const made = call('make_some', 3) as { one: Counter, many: Counter[] }
      expect([made.one, ...made.many].every(c => c instanceof Counter)).to.equal(true)
      expect([made.one, ...made.many].map(c => c.count)).to.deep.equal([3, 0, 1, 2])
      const two = call('make_two', 4) as { counter: Counter, startValue: number }
      expect([two.counter.count, two.startValue]).to.deep.equal([4, 4])
    })

    it('have properties that are written', () => {
      const a = new Counter()
      call('counter.count=', handleOf(a), 7)
      expect(a.count).to.equal(7)
      expect(thrown(() => call('counter.count=', handleOf(a), 'x'))).to.include({ code: 'EINVAL', arg: 'count' })
    })

    it('are consumed unless something else uses them', async () => {
      const a = new Counter(5)
      call('counter.set_busy', handleOf(a), true)
      expect(thrown(() => call('swallow', a))).to.include({ code: 'EBUSY', arg: 'counter' })
      call('counter.set_busy', handleOf(a), false)
      expect((call('swallow', a) as Counter).count).to.equal(5)
      expect(thrown(() => call('swallow', a))).to.include({ code: 'EBADF', arg: 'counter' })
      expect(thrown(() => a.count)).to.include({ code: 'EBADF', arg: 'this' })
      const b = new Counter(6)
      const later = operate0(n['counter.later']!, handleOf(b), undefined)
      expect(thrown(() => call('swallow', b))).to.include({ code: 'EBUSY', arg: 'counter' })
      expect(await later).to.equal(6)
      expect((call('swallow', b) as Counter).count).to.equal(6)
    })

    it('are consumed once by a call that succeeds, and not by themselves', () => {
      const [a, b] = [new Counter(1), new Counter(-9)]
      expect(thrown(() => call('counter.absorb', handleOf(a), a))).to.include({ code: 'EBUSY', arg: 'other' })
      expect(thrown(() => call('swallow_all', [a, a]))).to.include({ code: 'EBUSY', arg: 'counters[1]' })
      expect(thrown(() => call('swallow_all', [a, b]))).to.include({ code: 'EINVAL', arg: 'counters' })
      expect([a.count, b.count]).to.deep.equal([1, -9])
      const during = (): void => {
        expect(thrown(() => call('swallow', b))).to.include({ code: 'EBUSY', arg: 'counter' })
        expect(thrown(() => call('echo_value', b))).to.include({ code: 'EBUSY', arg: 'v' })
        throw new Error('changed my mind')
      }
      expect(() => call('swallow_after', b, during)).to.throw('changed my mind')
      call('counter.absorb', handleOf(a), b)
      expect(thrown(() => b.count)).to.include({ code: 'EBADF' })
      call('counter.count=', handleOf(a), 1)
      expect(call('swallow_all', [a])).to.equal(1)
      expect(thrown(() => a.count)).to.include({ code: 'EBADF' })
    })

    describe('that a call uses', () => {
      const blocks = (a: Counter): Promise<unknown> => operate1(n['counter.count_behind_gate']!, handleOf(a), undefined, 1)
      // What could go wrong when other code takes an object away.
      const tries: Record<string, (a: Counter) => unknown> = {
        'are not sent': a => call('echo_value', [a]),
        'are not consumed': a => call('swallow', a),
        'are given to no thread': a => blocks(a)
      }
      /** Another counter, which tries `f` when it is looked at. */
      const curious = (f: () => unknown): Counter => new Proxy(new Counter(10), {
        get: (target, key) => {
          f()
          return Reflect.get(target, key, target) as unknown
        }
      })

      for (const [name, attempt] of Object.entries(tries)) {
        describe(name, () => {
          let refusals: Promise<unknown>[] = []
          const attemptOn = (a: Counter): void => { refusals.push(rejection((async () => await attempt(a))())) }

          beforeEach(() => { refusals = [] })

          afterEach(async () => {
            expect(refusals).to.have.length.above(0)
            for (const error of await Promise.all(refusals)) expect(error).to.include({ code: 'EBUSY' })
          })

          it('by the function of the call', () => {
            const a = new Counter(1)
            expect(call('counter.add_result', handleOf(a), () => { attemptOn(a); return 5 })).to.equal(6)
            expect(a.count).to.equal(6)
            expect((call('swallow', a) as Counter).count).to.equal(6)
          })

          it('by a getter', async () => {
            const [a, b] = [new Counter(1), new Counter(2)]
            expect(call('total', { one: a, get manyOfThem () { attemptOn(a); return [] } })).to.equal(1)
            call('counter.absorb', handleOf(a), curious(() => { attemptOn(a) }))
            const list = [b, b]
            Object.defineProperty(list, 1, { get () { attemptOn(a); attemptOn(b); return b }, enumerable: true })
            expect(await operate1(n['counter.add_later']!, handleOf(a), undefined, list)).to.equal(15)
            expect(refusals).to.have.length.at.least(4)
            expect((call('echo_value', [a, b]) as Counter[]).map(c => c.count)).to.deep.equal([15, 2])
          })
        })
      }

      it('are one thread\'s, whatever a getter starts', async () => {
        const [a, b] = [new Counter(1), new Counter(100)]
        let other: Promise<unknown> | undefined
        const pending = operate1(n['counter.add_behind_gate']!, handleOf(a), undefined, curious(() => { other ??= rejection(blocks(a)) }))
        expect(await other).to.include({ code: 'EBUSY', arg: 'this' })
        expect(thrown(() => a.count)).to.include({ code: 'EBUSY' })
        call('open_gate')
        expect(await pending).to.equal(11)
        const twice = operate1(n['counter.add_behind_gate']!, handleOf(b), undefined, b)
        call('open_gate')
        expect(await twice).to.equal(200)
        expect([a.count, b.count]).to.deep.equal([11, 200])
      })

      it('are free again when it failed', () => {
        const a = new Counter(1)
        expect(() => call('total', { one: a, get manyOfThem () { throw new RangeError('mine') } })).to.throw(RangeError)
        expect(() => call('counter.add_result', handleOf(a), () => { throw new RangeError('mine') })).to.throw(RangeError)
        expect((call('swallow', a) as Counter).count).to.equal(1)
      })
    })

    it('of another version are refused when they arrive', () => {
      expect(thrown(() => call('old_counter'))).to.include({
        code: 'EBADMSG', message: 'Expected an object packed by version 1 of its class, not 0'
      })
    })

    it('may be given as their text', async () => {
      const b = new Word('b')
      const all = { one: 'a', maybe: b, all: [b, 'c'], named: { d: 'e' }, either: 'f' }
      expect(call('join_words:sync', all)).to.equal('a;b;b,c,d=e,f')
      expect(await operate1(n['join_words']!, 0, undefined, all)).to.equal('a;b;b,c,d=e,f')
      // Of instances alone, and among others.
      for (const list of [[b], [b, new Word('x'), b], [b, 1.5, b], [1.5, b], [b, b, 2], []]) {
        expect(call('echo_words', list)).to.deep.equal(list)
      }
      expect(['b', b, true].map(v => call('kind_of', v))).to.deep.equal(['string', 'word', 'boolean'])
      expect(thrown(() => call('join_words:sync', { one: 1 }))).to.include({
        code: 'EINVAL', arg: 'words.one', message: 'words.one: Expected a Word or a string, not 1'
      })
    })

    it('may be values of any bytes', () => {
      const bytes = Uint8Array.of(0xff, 0, 0x80)
      const a = new Label(bytes)
      bytes.fill(1)
      expect(wireOf(a)).to.deep.equal(Uint8Array.of(0xff, 0, 0x80))
      expect(call('label.size', wireOf(a))).to.equal(3)
      expect(call('label.__eq', wireOf(a), new Label(Uint8Array.of(0xff, 0, 0x80)))).to.equal(true)
      expect(call('label.__eq', wireOf(a), new Label())).to.equal(false)
    })

    it('that are forged are refused as receivers and as arguments', () => {
      const seconds = Object.getOwnPropertyDescriptor(steadyClock.TimePoint.prototype, 'secondsSinceEpoch')!.get!
      for (const wire of [2n ** 70n, {}, null, true, () => {}]) {
        class Forged extends NativeValue {
          constructor () {
            super(wire)
          }
        }
        expect(thrown(() => seconds.call(new Forged())), String(wire)).to.include({ code: 'EINVAL', arg: 'this' })
        expect(thrown(() => call('label.size', wire))).to.include({ code: 'EINVAL', arg: 'this' })
      }
    })
  })

  describe('a call that blocks', () => {
    const later = (object: Counter, by: number): Promise<unknown> => operate1(n['counter.count_behind_gate']!, handleOf(object), undefined, by)

    it('is a promise, and plain beside it', async () => {
      expect(await operate1(n['blocking_sum']!, 0, undefined, [1, 2, 3])).to.equal(6)
      expect(call('blocking_sum:sync', [1, 2, 3])).to.equal(6)
      call('open_gate')
      expect(call('counter.count_behind_gate:sync', handleOf(new Counter(1)), 2)).to.equal(3)
    })

    it('has its objects for itself', async () => {
      const [a, b] = [new Counter(1), new Counter(10)]
      const pending = operate1(n['counter.add_behind_gate']!, handleOf(a), undefined, b)
      expect(thrown(() => a.count)).to.include({ code: 'EBUSY', arg: 'this' })
      expect(thrown(() => call('counter.count=', handleOf(b), 1))).to.include({ code: 'EBUSY', arg: 'this' })
      expect(thrown(() => call('total', { manyOfThem: [b] }))).to.include({ code: 'EBUSY', arg: 'counters.manyOfThem[0]' })
      expect(thrown(() => call('count_of', b))).to.include({ code: 'EBUSY', arg: 'counter' })
      expect(thrown(() => call('swallow', a))).to.include({ code: 'EBUSY', arg: 'counter' })
      expect(thrown(() => call('echo_value', { a: [a] }))).to.include({ code: 'EBUSY', arg: 'v.a[0]' })
      expect(await rejection(later(b, 1))).to.include({ code: 'EBUSY', arg: 'this' })
      call('open_gate')
      expect(await pending).to.equal(11)
      expect([a.count, b.count]).to.deep.equal([11, 10])
    })

    it('waits for no operation: an object that has one is refused', async () => {
      const a = new Counter(1)
      const waiting = operate0(n['counter.later']!, handleOf(a), undefined)
      expect(await rejection(later(a, 1))).to.include({ code: 'EBUSY', arg: 'this' })
      expect(await waiting).to.equal(1)
    })
  })
})
