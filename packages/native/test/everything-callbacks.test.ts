// SPDX-License-Identifier: MIT OR BSL-1.0
import { operate1, operate2 } from '@emilua/native'
import { expect } from 'chai'
import { call, n, rejection, thrown } from './everything.js'

describe('functions of everything that can be described', () => {
  describe('callbacks on a later turn', () => {
    for (const name of ['apply_later', 'apply_after']) {
      const later = async (f: unknown): Promise<unknown> => await operate2(n[name]!, 0, undefined, f, 21)

      it(`${name} gives what they return`, async () => {
        expect(await later((v: number) => v * 2)).to.equal(42)
      })

      it(`${name} fails with the very value they throw`, async () => {
        for (const value of [new Error('mine'), { some: 'object' }, 'text', 5, null, undefined, Symbol.iterator]) {
          let caught: unknown = 'nothing'
          await later(() => { throw value }).catch((e: unknown) => { caught = e })
          expect(caught).to.equal(value)
        }
      })

      it(`${name} refuses promises and other types`, async () => {
        expect(await rejection(later(async () => await Promise.resolve(1)))).to.include({ code: 'EINVAL', arg: 'f', message: 'f: Expected a function that may not suspend, not one that returns a promise' })
        expect(await rejection(later(() => 'x'))).to.include({ code: 'EINVAL', arg: 'f', message: 'f: Expected a function that returns a number' })
      })
    }

    it('are refused on another thread, and once the operation ended', async () => {
      const f = (): number => { throw new Error('called') }
      expect(await operate1(n['apply_elsewhere']!, 0, undefined, f)).to.equal(1)
      await operate1(n['apply_too_late']!, 0, undefined, f)
      while (call('late_call') === -1) await new Promise(resolve => { setImmediate(resolve) })
      expect(call('late_call')).to.equal(1)
    })
  })

  describe('callbacks', () => {
    it('are called with what the type says', () => {
      expect(call('apply', (v: number) => v * 2, 21)).to.equal(42)
      const calls: unknown[] = []
      expect(call('each', { a: 10, b: 20 }, (...args: unknown[]) => { calls.push(args) })).to.equal(2)
      expect(calls).to.deep.equal([['a', { x: 10, y: 1, label: undefined }], ['b', { x: 20, y: 2, label: undefined }]])
    })

    it('throw through, whatever it is', () => {
      const what = new RangeError('mine')
      for (const e of [what, 'text', undefined]) {
        let caught: unknown = 'nothing'
        try {
          call('apply', () => { throw e }, 1)
        } catch (error) {
          caught = error
        }
        expect(caught).to.equal(e)
      }
      expect(call('apply', () => 1, 1)).to.equal(1)
    })

    it('may not suspend, and return what they have to', () => {
      expect(thrown(() => call('apply', async () => await Promise.resolve(1), 1)))
        .to.include({ code: 'EINVAL', arg: 'f', message: 'f: Expected a function that may not suspend, not one that returns a promise' })
      expect(thrown(() => call('apply', () => 'x', 1))).to.include({ code: 'EINVAL', arg: 'f', message: 'f: Expected a function that returns a number' })
      expect(thrown(() => call('apply', 5, 1))).to.include({ code: 'EINVAL', arg: 'f', message: 'f: Expected a function, not 5' })
    })
  })
})
