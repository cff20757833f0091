// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError, NativeObject, NativeValue, adopt, handleOf, loadPlugin, natives, operate, operate0, operate1, operate2, register, wireOf } from '@emilua/native'
import { inbox, type Message } from '@emilua/runtime'
import { Address, tcp } from '@emilua/ip'
import { SteadyTimer, steadyClock } from '@emilua/time'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { expect } from 'chai'

const plugin = new URL('../../../native-core/build/release/test/everything.so', import.meta.url)
const n = loadPlugin(plugin)
const call = (name: string, ...args: unknown[]): unknown => n[name]!(...args)

class Counter extends NativeObject {
  constructor (count = 0) {
    super(adopt() ?? n['counter.new']!(count))
  }

  get count (): number {
    return n['counter.count']!(handleOf(this)) as number
  }
}

class Label extends NativeValue {
  constructor (bytes: Uint8Array = new Uint8Array(0)) {
    super(adopt() ?? n['label.new']!(bytes))
  }
}

class Word extends NativeValue {
  constructor (text = '') {
    super(adopt() ?? n['word.new']!(text))
  }
}

register('everything', 'counter', Counter)
register('everything', 'word', Word)
register('everything', 'label', Label)

function thrown (f: () => unknown): EmiluaError {
  try {
    f()
  } catch (error) {
    expect(error).to.be.instanceOf(EmiluaError)
    return error as EmiluaError
  }
  throw new Error('nothing was thrown')
}

const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'resolved', (error: unknown) => error)
type ResizableBuffer = ArrayBuffer & { resize (size: number): void, transfer (): ArrayBuffer }
const resizable = (size: number, maxByteLength: number): ResizableBuffer =>
  new (ArrayBuffer as unknown as new (size: number, options: object) => ResizableBuffer)(size, { maxByteLength })
const detached = (): Uint8Array => {
  const buffer = new Uint8Array(4)
  structuredClone(buffer, { transfer: [buffer.buffer] })
  return buffer
}
/** Whether `text` is in the memory that process `pid` has from malloc. */
function inHeap (pid: number, text: string): boolean {
  const heap = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n').filter(line => line.endsWith('[heap]'))
  expect(heap).to.have.length.above(0)
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    return heap.some(line => {
      const [from, to] = line.split(' ')[0]!.split('-').map(address => parseInt(address, 16)) as [number, number]
      const bytes = Buffer.alloc(to - from)
      readSync(memory, bytes, 0, bytes.length, from)
      return bytes.includes(text)
    })
  } finally {
    closeSync(memory)
  }
}
const shape = { name: 's', outline: [{ x: 1, y: 2, label: 'a' }, { x: 3, y: 4 }], fillColor: 'red', otherColors: ['green', 'blue'], lineWidth: 'thin' }

describe('everything that can be described', () => {
  it('comes back as it went', () => {
    const both: Record<string, unknown[]> = {
      echo_boolean: [true, false],
      echo_integer: [0, -5, 2 ** 31 - 1],
      echo_number: [0.5, -0, Infinity],
      echo_string: ['', 'ü', 'x'.repeat(5000)],
      echo_signed: [-(2n ** 63n), 2n ** 63n - 1n, 0n],
      echo_unsigned: [2n ** 64n - 1n],
      echo_color: ['red', 'blue'],
      echo_colors: [['red', 'green'], []],
      echo_optional: [undefined, 5],
      echo_strings: [[], ['a', 'b'], Array.from({ length: 3000 }, (_, i) => `${i}`.repeat(3))],
      echo_matrix: [[[1, 2], [], [3]]],
      echo_by_name: [{}, { 'a': 1, '80': 2, 'x y': 3 }],
      echo_by_number: [{ '3': ['a'], '-7': [] }],
      echo_either: [1.5, 'x', [1, 2]],
      echo_value: [{ a: [1, { b: 'c' }], big: 2n ** 40n }, Uint8Array.of(1, 2)]
    }
    for (const [name, values] of Object.entries(both)) {
      for (const v of values) expect(call(name, v), name).to.deep.equal(v)
    }
    expect(call('echo_shape', shape)).to.deep.equal({ ...shape, marks: {}, outline: [shape.outline[0], { x: 3, y: 4, label: undefined }] })
    expect(call('echo_shapes', [])).to.deep.equal([])
  })

  it('keeps a key called __proto__ a key', () => {
    const given = JSON.parse('{"__proto__": 5}') as object
    for (const name of ['echo_by_name', 'echo_value']) {
      const result = call(name, given) as object
      expect(Object.getPrototypeOf(result)).to.equal(Object.prototype)
      expect(Object.keys(result)).to.deep.equal(['__proto__'])
    }
  })

  it('names the part at fault', () => {
    const bad: [string, unknown, string, string][] = [
      ['echo_integer', 'x', 'v', 'an integer from -2147483648 to 2147483647'],
      ['echo_strings', ['a', 5], 'v[1]', 'a string'],
      ['echo_strings', 'a', 'v', 'an array'],
      ['echo_matrix', [[1], [2, 'x']], 'v[1][1]', 'an integer from -2147483648 to 2147483647'],
      ['echo_by_name', { a: 1, b: 'x' }, 'v.b', 'an integer from -2147483648 to 2147483647'],
      ['echo_by_name', { 'a b': 'x' }, 'v["a b"]', 'an integer from -2147483648 to 2147483647'],
      ['echo_by_number', { 3: ['x', 5] }, 'v[3][1]', 'a string'],
      ['echo_by_number', { x: [] }, 'v', 'an object whose keys are integers'],
      ['echo_shape', { ...shape, fillColor: 'pink' }, 'v.fillColor', 'one of "red", "green", "blue" or undefined'],
      ['echo_shape', { ...shape, otherColors: ['red', 'pink'] }, 'v.otherColors[1]', 'one of "red", "green", "blue"'],
      ['echo_shape', { ...shape, outline: [{ x: 1 }] }, 'v.outline[0].y', 'an integer from -2147483648 to 2147483647'],
      ['echo_shape', { ...shape, marks: { top: { x: 1, y: null } } }, 'v.marks.top.y', 'an integer from -2147483648 to 2147483647'],
      ['echo_shape', { ...shape, fill_color: 'red' }, 'v.fill_color', 'one of the fields name, outline, marks, fillColor, otherColors, lineWidth'],
      ['echo_shapes', [shape, { ...shape, outline: [{ x: 1, y: 2, z: 3 }] }], 'v[1].outline[0].z', 'one of the fields x, y, label'],
      ['echo_shape', 5, 'v', 'an object of { name, outline, marks, fillColor, otherColors, lineWidth }'],
      ['echo_spawn_options', { program: 'x', extraFds: { 3: 'a' } }, 'v.extraFds[3]', 'an integer from -2147483648 to 2147483647'],
      ['echo_spawn_options', { program: 'x', setgroups: [1, -1] }, 'v.setgroups[1]', 'an integer from 0 to 4294967294'],
      ['echo_c_string', 'a\0b', 'v', 'a string without NUL']
    ]
    expect(thrown(() => call('echo_value', { a: [1, () => 5] })))
      .to.include({ code: 'EINVAL', arg: 'v.a[1]', message: 'v.a[1]: a function cannot be sent' })
    for (const [name, v, arg, expected] of bad) {
      const error = thrown(() => call(name, v))
      expect(error, `${name} ${arg}`).to.include({ code: 'EINVAL', arg, message: `${arg}: Expected ${expected}` })
      expect(error.category.name).to.equal('system')
    }
  })

  it('reads a record of forty fields', () => {
    const given = { program: 'x', arguments: ['a'], environment: { PATH: '/bin' }, extraFds: { 3: 4, 10: 1 }, rlimits: { core: 2n ** 64n - 1n }, umask: 0o22, setsid: true }
    const result = call('echo_spawn_options', given) as Record<string, unknown>
    expect(Object.keys(result)).to.have.length(40)
    expect(result).to.deep.include({ ...given, stdin: 'inherit', closeOthers: true, reap: true, cookie: undefined })
  })

  it('counts arguments, undefined ones too', () => {
    expect(call('count_arguments', 1, undefined, undefined)).to.equal(3)
    expect(thrown(() => call('count_arguments', 1, undefined, 'x'))).to.include({ code: 'EINVAL', arg: 'v' })
  })

  describe('integers of 64 bits', () => {
    it('are bigints, or numbers that are integers without doubt', () => {
      expect(call('digits', 2n ** 62n + 1n)).to.equal('4611686018427387905')
      expect(call('digits', -5)).to.equal('-5')
      expect(call('unsigned_digits', 2 ** 53 - 1)).to.equal('9007199254740991')
      for (const wrong of [2n ** 63n, -(2n ** 63n) - 1n, 2 ** 53, 0.5, NaN, '5', undefined]) {
        expect(thrown(() => call('digits', wrong)), String(wrong)).to.include({ code: 'EINVAL', arg: 'v', message: 'v: Expected a bigint of 64 bits' })
      }
      for (const wrong of [-1n, -1, 2n ** 64n]) expect(thrown(() => call('unsigned_digits', wrong))).to.include({ arg: 'v' })
    })
  })

  describe('secrets', () => {
    it('are text or bytes', () => {
      const sum = call('checksum', 'abc')
      expect(call('checksum', Buffer.from('abc'))).to.equal(sum)
      expect(call('secret_of', { user: 'u', password: 'abc' })).to.equal(sum)
      expect(thrown(() => call('checksum', 5))).to.include({ arg: 'password', message: 'password: Expected a string or a Uint8Array' })
      expect(thrown(() => call('secret_of', { user: 'u', password: 5 }))).to.include({ arg: 'credentials.password' })
      expect(call('ask_secret', () => 'abc')).to.equal(sum)
    })

    it('are overwritten, however long they are', async function () {
      // Under AddressSanitizer memory is not where malloc would have put it.
      if (process.env.ASAN_OPTIONS !== undefined) this.skip()
      // No text of the program has it in one piece, and no later one takes the memory of an earlier one.
      const text = (from: number): string => Array.from({ length: 100 + from / 100 }, (_, i) => `${from + i * 7919}-`).join('')
      const program = `
        import { loadPlugin } from '@emilua/native'
        const n = loadPlugin(new URL(${JSON.stringify(plugin)}))
        const text = ${text.toString()}
        n.checksum(text(1000))
        n.secret_of({ user: 'u', password: text(2000) })
        n.ask_secret(() => text(3000))
        console.log('done')
        process.stdin.resume()`
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: new URL('..', import.meta.url), stdio: ['pipe', 'pipe', 'inherit'] })
      try {
        await once(child.stdout, 'data')
        for (const from of [1000, 2000, 3000]) expect(inHeap(child.pid!, text(from).slice(400, 440)), `${from}`).to.equal(false)
      } finally {
        child.stdin.end()
      }
    })
  })

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
      expect(thrown(() => call('apply', 5, 1))).to.include({ code: 'EINVAL', arg: 'f', message: 'f: Expected a function' })
    })
  })

  describe('objects', () => {
    it('are taken wherever they are, and named there', () => {
      const [a, b, c] = [1, 10, 100].map(i => new Counter(i))
      expect(call('total', { one: a, manyOfThem: [b, b], byName: { 'x': [c], 'y z': [] } })).to.equal(121)
      expect(call('count_of', c)).to.equal(100)
      expect(call('count_of', 2.5)).to.equal(2)
      expect(thrown(() => call('total', { byName: { 'y z': [a, new Address()] } })))
        .to.include({ code: 'EINVAL', arg: 'counters.byName["y z"][1]', message: 'counters.byName["y z"][1]: Expected a Counter' })
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
      expect(['b', b, true].map(v => call('kind_of', v))).to.deep.equal(['string', 'word', 'boolean'])
      expect(thrown(() => call('join_words:sync', { one: 1 }))).to.include({
        code: 'EINVAL', arg: 'words.one', message: 'words.one: Expected a Word or a string'
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

  it('an operation whose handler is lost fails', async () => {
    for (const how of ['at once', 'later', 'elsewhere'])
      expect(await rejection(operate1(n['lose']!, 0, undefined, how)), how).to.include({ code: 'BROKEN_PROMISE' })
    for (const how of ['throwing', 'from its slot'])
      expect(await rejection(operate1(n['lose']!, 0, undefined, how)), how).to.include({ code: 'EINVAL', arg: 'how' })
    // What was lost with an exception goes on a turn of its own.
    await rejection(operate1(n['lose']!, 0, undefined, 'at once'))
  })

  it('an exception that is no error code keeps its text', async () => {
    const start = (what: string): Promise<unknown> => rejection(operate1(n['throw_what']!, 0, undefined, what))
    expect(await start('ENOENT')).to.include({ code: 'ENOENT' })
    expect(await start('memory')).to.include({ code: 'ENOMEM' })
    expect(await start('out of luck')).to.include({ code: 'EXCEPTION_131', message: 'out of luck' })
  })

  it('any number of arguments goes through one function', async () => {
    const buffer = new Uint8Array(2)
    expect(await operate(n['fill_later']!, 0, undefined, [{}, buffer])).to.equal(1)
    expect(buffer).to.deep.equal(Uint8Array.of(1, 1))
  })

  it('refuses the number of an operation that there cannot be', () => {
    const error = n['blocking_sum']!(-1, 0, [1])
    expect(error).to.include({ code: 'EINVAL', arg: 'id' })
  })

  it('does not mind a forged object when it is collected', () => {
    const program = `
      import { NativeObject } from '@emilua/native'
      class Forged extends NativeObject {}
      for (const core of [{}, 'x', undefined, 2n ** 70n, NaN]) new Forged(core)
      for (let i = 0; i < 10; i++) { gc(); await new Promise(resolve => setTimeout(resolve, 1)) }
      console.log('fine')`
    const output = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', program], { encoding: 'utf8', cwd: new URL('..', import.meta.url) })
    expect(output).to.equal('fine\n')
  })
})
