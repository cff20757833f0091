// SPDX-License-Identifier: MIT OR BSL-1.0
import { operate, operate1 } from '@emilua/native'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { expect } from 'chai'
import { call, n, plugin, rejection, thrown } from './everything.js'

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
      ['echo_shape', { ...shape, fill_color: 'red' }, 'v.fill_color', 'one of the fields name, outline, marks, fillColor, otherColors, lineWidth; is it \'fillColor\' that is meant?'],
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
      expect(error, `${name} ${arg}`).to.include({ code: 'EINVAL', arg })
      expect(error.message.replace(/, not (?!x\b).*/, '')).to.equal(`${arg}: Expected ${expected}`)
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
        const got = typeof wrong === 'bigint' ? `${wrong}n` : typeof wrong === 'string' ? JSON.stringify(wrong) : wrong !== null && typeof wrong === 'object' ? 'an object' : String(wrong)
        expect(thrown(() => call('digits', wrong)), got).to.include({ code: 'EINVAL', arg: 'v', message: `v: Expected a bigint of 64 bits, not ${got}` })
      }
      for (const wrong of [-1n, -1, 2n ** 64n]) expect(thrown(() => call('unsigned_digits', wrong))).to.include({ arg: 'v' })
    })
  })

  describe('secrets', () => {
    it('are text or bytes', () => {
      const sum = call('checksum', 'abc')
      expect(call('checksum', Buffer.from('abc'))).to.equal(sum)
      expect(call('secret_of', { user: 'u', password: 'abc' })).to.equal(sum)
      expect(thrown(() => call('checksum', 5))).to.include({ arg: 'password', message: 'password: Expected a string or a Uint8Array, not a number' })
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
