// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { iterate } from '@emilua/native'

/** Gives 1 to `n`, a turn later each, and fails instead of `bad`. */
function counting (n: number, bad = 0): { take: () => Promise<number | undefined>, close: () => void, seen: { closed: number, atOnce: number } } {
  const seen = { closed: 0, atOnce: 0 }
  let given = 0
  let running = 0
  return {
    seen,
    close: () => { seen.closed++ },
    async take () {
      seen.atOnce = Math.max(seen.atOnce, ++running)
      await new Promise(resolve => { setImmediate(resolve) })
      running--
      if (given >= n) return undefined
      if (++given === bad) throw new Error('bad')
      return given
    }
  }
}

describe('iterate', () => {
  it('gives everything, and closes once at the end', async () => {
    const { take, close, seen } = counting(3)
    const items = iterate(take, close)
    const all = []
    for await (const item of items) all.push(item)
    expect([all, seen.closed, await items.next(), seen.closed]).to.deep.equal([[1, 2, 3], 1, { value: undefined, done: true }, 1])
  })

  it('makes one step at a time, in the order they were asked for', async () => {
    const { take, close, seen } = counting(3)
    const items = iterate(take, close)
    const results = await Promise.all([items.next(), items.next(), items.next(), items.next(), items.next()])
    expect([results.map(({ value }) => value), seen.atOnce, seen.closed]).to.deep.equal([[1, 2, 3, undefined, undefined], 1, 1])
  })

  it('ends with a failure, with a loop that is left, and before it begins', async () => {
    const failing = counting(3, 2)
    const items = iterate(failing.take, failing.close)
    const results = await Promise.allSettled([items.next(), items.next(), items.next()])
    expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled'])
    expect([(results[2] as { value: unknown }).value, failing.seen.closed]).to.deep.equal([{ value: undefined, done: true }, 1])

    const left = counting(3)
    for await (const item of iterate(left.take, left.close)) if (item === 2) break
    expect(left.seen.closed).to.equal(1)

    const thrown = counting(3)
    const error = await (async () => { for await (const item of iterate(thrown.take, thrown.close)) throw new Error(String(item)) })().catch((e: Error) => e.message)
    expect([error, thrown.seen.closed]).to.deep.equal(['1', 1])

    const early = counting(3)
    const never = iterate(early.take, early.close)
    const waiting = never.next()
    expect([await never.return(), await waiting, early.seen.closed]).to.deep.equal([{ value: undefined, done: true }, { value: 1, done: false }, 1])
    const unused = iterate(early.take, early.close)
    expect([await unused.throw(new Error('no')).catch((e: Error) => e.message), early.seen.closed]).to.deep.equal(['no', 2])
    await unused[Symbol.asyncDispose]()
    expect(early.seen.closed).to.equal(2)
  })

  it('takes what is there already without a step, and never while a step is made', async () => {
    const { take, close, seen } = counting(4)
    const ready = [10, 20, undefined, 30]
    const items = iterate(take, close, () => ready.shift())
    const first = await Promise.all([items.next(), items.next()])
    expect(first.map(({ value }) => value)).to.deep.equal([10, 20])
    const both = await Promise.all([items.next(), items.next()])
    expect([both.map(({ value }) => value), ready]).to.deep.equal([[1, 2], [30]])
    const all = []
    for await (const item of items) all.push(item)
    expect([all, seen.closed, ready]).to.deep.equal([[30, 3, 4], 1, []])
  })

  it('ends with a failure of what is there already', async () => {
    const { take, close, seen } = counting(3)
    const items = iterate(take, close, () => { throw new Error('bad') })
    const error = await items.next().catch((e: Error) => e.message)
    expect([error, seen.closed, await items.next(), seen.closed]).to.deep.equal(['bad', 1, { value: undefined, done: true }, 1])
  })
})
