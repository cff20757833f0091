// SPDX-License-Identifier: MIT OR BSL-1.0
import { operate2 } from '@emilua/native'
import { expect } from 'chai'
import { type ResizableBuffer, call, detached, n, rejection, resizable, thrown } from './everything.js'

describe('buffers of everything that can be described', () => {
  describe('buffers inside of arguments', () => {
    it('are written to in place, at once and later', async () => {
      const [a, b, c, d] = [1, 2, 3, 4].map(size => new Uint8Array(size))
      expect(call('fill_now', { first: a, more: [b, c] })).to.equal(3)
      expect([a, b, c]).to.deep.equal([Uint8Array.of(1), Uint8Array.of(2, 2), Uint8Array.of(3, 3, 3)])
      for (const x of [a!, b!, c!]) x.fill(0)
      expect(await operate2(n['fill_later']!, 0, undefined, { first: a, more: [b, c] }, d)).to.equal(4)
      expect([a, b, c, d]).to.deep.equal([Uint8Array.of(1), Uint8Array.of(2, 2), Uint8Array.of(3, 3, 3), Uint8Array.of(4, 4, 4, 4)])
    })

    it('are not mixed up between operations', async () => {
      const buffers = Array.from({ length: 20 }, () => Array.from({ length: 5 }, () => new Uint8Array(2)))
      await Promise.all(buffers.map(([first, last, ...more]) => operate2(n['fill_later']!, 0, undefined, { first, more }, last)))
      for (const [first, last, ...more] of buffers) {
        expect([first, ...more, last].map(b => b![0])).to.deep.equal([1, 2, 3, 4, 5])
      }
    })

    it('are refused when they are detached', () => {
      expect(thrown(() => call('fill_now', { more: [new Uint8Array(1), detached()] })))
        .to.include({ code: 'EINVAL', arg: 'pieces.more[1]', message: 'pieces.more[1]: Expected a buffer that is not detached' })
    })

    describe('that a later getter takes away', () => {
      const way: Record<string, (buffer: Uint8Array) => void> = {
        'by a clone that takes it': buffer => { structuredClone(buffer, { transfer: [buffer.buffer as ArrayBuffer] }) },
        'by shrinking it': buffer => { (buffer.buffer as ResizableBuffer).resize(0) }
      }
      if ('transfer' in ArrayBuffer.prototype) way['by transfer()'] = buffer => { (buffer.buffer as ResizableBuffer).transfer() }
      for (const [how, take] of Object.entries(way)) {
        const buffer = (): Uint8Array => new Uint8Array(resizable(1 << 16, 1 << 20))
        const gone = { code: 'EINVAL', message: 'Expected a buffer that is not detached or cut off' }
        const refusal = (error: unknown, arg: string): void => {
          expect(error).to.include({ ...gone, arg, message: `${arg}: ${gone.message}` })
        }
        it(`is refused, ${how}`, async () => {
          const inRecord = (): object => {
            const first = buffer()
            return { first, get more () { take(first); return [new Uint8Array(1)] } }
          }
          const inList = (): object => {
            const b = buffer()
            const more = [new Uint8Array(1), b, new Uint8Array(1)]
            Object.defineProperty(more, 2, { get () { take(b); return new Uint8Array(1) } })
            return { more }
          }
          refusal(thrown(() => call('fill_now', inRecord())), 'pieces.first')
          refusal(thrown(() => call('fill_now', inList())), 'pieces.more[1]')
          refusal(await rejection(operate2(n['fill_later']!, 0, undefined, inRecord(), new Uint8Array(1))), 'pieces.first')
          refusal(await rejection(operate2(n['fill_later']!, 0, undefined, inList(), new Uint8Array(1))), 'pieces.more[1]')
        })

        it(`fails the operation that waits, ${how}`, async () => {
          for (const arg of ['pieces.first', 'pieces.more[0]', 'lastPiece']) {
            const buffers: Record<string, Uint8Array> = { 'pieces.first': buffer(), 'pieces.more[0]': buffer(), 'lastPiece': buffer() }
            const { 'pieces.first': first, 'pieces.more[0]': more, lastPiece } = buffers
            const end = rejection(operate2(n['fill_later']!, 0, undefined, { first, more: [more] }, lastPiece))
            take(buffers[arg]!)
            refusal(await end, arg)
          }
        })
      }

      it('is written to as far as it still goes', () => {
        const first = new Uint8Array(resizable(8, 8))
        call('fill_now', { first, get more () { (first.buffer as ResizableBuffer).resize(4); return [] } })
        ;(first.buffer as ResizableBuffer).resize(8)
        expect([...first]).to.deep.equal([1, 1, 1, 1, 0, 0, 0, 0])
      })
    })

    it('fail the operation when they are detached while it waits', async () => {
      const inner = new Uint8Array(4)
      const last = new Uint8Array(4)
      const first = rejection(operate2(n['fill_later']!, 0, undefined, { more: [inner] }, last))
      structuredClone(inner, { transfer: [inner.buffer] })
      expect(await first).to.include({ code: 'EINVAL', arg: 'pieces.more[0]' })
      const second = rejection(operate2(n['fill_later']!, 0, undefined, {}, last))
      structuredClone(last, { transfer: [last.buffer] })
      expect(await second).to.include({ code: 'EINVAL', arg: 'lastPiece' })
    })
  })
})
