// SPDX-License-Identifier: MIT OR BSL-1.0
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { ConditionVariable, Future, inbox, interruptible, Mutex, Queue, RecursiveMutex, Semaphore, spawn, taskGroup, thisFiber, uncancelable } from '@emilua/runtime'
import { sleep } from '@emilua/time'
import { expect } from 'chai'

const message = async (call: () => unknown): Promise<string> => {
  try {
    await call()
  } catch (error) {
    expect(error).to.include({ code: 'EINVAL' })
    return (error as Error).message
  }
  return 'it was taken'
}

const kinds = new Map([
  ['AbortSignal', 'an AbortSignal: write { signal }'], ['Array', 'an array'], ['Map', 'a Map'], ['Promise', 'a Promise'],
  ['EventTarget', 'an EventTarget'], ['Buffer', 'a Buffer']
])

describe('arguments', () => {
  it('are options also as an AbortController, an instance with the fields, an object without prototype and one of another realm', async () => {
    class Own { signal = new AbortController().signal }
    for (const good of [new AbortController(), new Own(), Object.create(null), Object.create({ signal: undefined }), runInNewContext('({})')]) {
      await sleep(0, good as object)
    }
  })

  const options = "options.singal: Expected one of the fields signal, hold; is it 'signal' that is meant?"
  const wrong = { singal: AbortSignal.abort() } as never
  const mutex = new Mutex()
  const all: [string, () => unknown][] = [
    ["options.nmae: Expected one of the fields name; is it 'name' that is meant?", () => spawn(() => {}, { nmae: 'x' } as never)],
    ['options.name: Expected a string, not 5', () => spawn(() => {}, { name: 5 } as never)],
    ['options: Expected an object of name, not "x"', () => spawn(() => {}, 'x' as never)],
    ["options.nmae: Expected one of the fields name; is it 'name' that is meant?", () => taskGroup(group => group.spawn(() => {}, { nmae: 'x' } as never))],
    [options, () => sleep(1, wrong)],
    [options, () => spawn(() => {}).join(wrong)],
    [options, () => new Semaphore(0).acquire(wrong)],
    [options, () => new Semaphore(1).acquire(wrong)],
    [options, () => new Queue(1).send(1, wrong)],
    [options, () => new Queue(1).receive(wrong)],
    [options, () => Future.create().future.get(wrong)],
    [options, () => interruptible(Promise.resolve(), wrong)],
    [options, () => inbox.receive(wrong)],
    [options, async () => { using guard = await mutex.lock(); void guard; await new ConditionVariable().wait(mutex, wrong) }],
    ...[AbortSignal.abort(), [], new Map(), Promise.resolve(), new EventTarget(), Buffer.alloc(1)].flatMap((given): [string, () => unknown][] => {
      const text = `options: Expected an object of signal, hold, not ${kinds.get(given.constructor.name)!}`
      return [[text, () => sleep(1, given as never)], [text, () => new Queue(1).receive(given as never)]]
    }),
    ['options: Expected an object of name, not an array', () => spawn(() => {}, [] as never)],
    ['options: Expected none: lock() is no cancellation point, not an object', () => new Mutex().lock({ signal: AbortSignal.abort() } as never)],
    ['options: Expected none: lock() is no cancellation point, not an object', () => new RecursiveMutex().lock({} as never)],
    ['fn: Expected a function, not a Promise', () => uncancelable(Promise.resolve() as never)],
    ['promise: Expected a promise, not a function', () => interruptible((() => {}) as never)],
    ['promise: Expected a promise, not 5', () => interruptible(5 as never)],
    ['secs: Expected a number of seconds from 0, not -1', () => sleep(-1)],
    ['secs: Expected a number of seconds, not NaN', () => sleep(NaN)],
    ['permits: Expected an integer from 0, not -1', () => new Semaphore(-1)],
    ['permits: Expected an integer from 0, not 1.5', () => new Semaphore(1.5)],
    ['capacity: Expected an integer from 0, or Infinity, not -1', () => new Queue(-1)],
    ['capacity: Expected an integer from 0, or Infinity, not undefined', () => new (Queue as unknown as new () => unknown)()],
    ['fn: Expected a function, not a Promise', () => spawn(Promise.resolve() as never)],
    [`mode: Expected 'report' or 'exit', not "${'x'.repeat(40)}"…`, async () => { (await import('@emilua/runtime')).setPanicMode('x'.repeat(41) as never) }]
  ]
  for (const [text, call] of all) {
    it(`that are wrong are told: ${text}`, async () => { expect(await message(call)).to.equal(text) })
  }
})

describe('console.log', () => {
  it('shows what helps of everything that fibers share', async () => {
    const mutex = new Mutex(), recursive = new RecursiveMutex(), semaphore = new Semaphore(2), queue = new Queue<number>(4), changed = new ConditionVariable()
    const { promise, future } = Future.create<number>()
    expect(inspect(mutex)).to.equal('Mutex { locked: false, waiting: 0 }')
    using guard = await mutex.lock()
    await recursive.lock()
    const waiting = spawn(() => mutex.lock())
    await Promise.all([thisFiber.yield(), semaphore.acquire(), queue.send(1)])
    expect(inspect(mutex)).to.equal('Mutex { locked: true, waiting: 1 }')
    expect(inspect(recursive)).to.equal('RecursiveMutex { locked: true, waiting: 0 }')
    expect(inspect(semaphore)).to.equal('Semaphore { available: 1, waiting: 0 }')
    expect(inspect(queue)).to.equal('Queue { size: 1, capacity: 4, closed: false, sending: 0, receiving: 0 }')
    expect(inspect(changed)).to.equal('ConditionVariable { waiting: 0 }')
    expect(inspect(future)).to.equal('Future { ready: false, waiting: 0 }')
    expect(inspect(promise)).to.equal('FuturePromise { ready: false }')
    expect(inspect({ a: { b: { c: mutex } } })).to.equal('{ a: { b: { c: [Mutex] } } }')
    await taskGroup(async group => {
      group.spawn(() => {})
      expect(inspect(group)).to.equal('TaskGroup { running: 1, failed: 0, open: true }')
      expect(Object.keys(group)).to.deep.equal([])
    })
    for (const each of [semaphore, future, promise, inbox]) expect(Object.keys(each), each.constructor.name).to.deep.equal([])
    expect(Object.keys(queue)).to.deep.equal(['capacity'])
    for (const { prototype } of [Mutex, Semaphore, Queue, ConditionVariable, Future]) expect(inspect(prototype)).to.match(/^(\w+ )?{}$/)
    expect(inspect(inbox)).to.equal('Inbox { isOpen: true }')
    expect(await spawn(() => inspect(thisFiber)).join()).to.match(/^thisFiber Fiber 0x\w+ \(running\)$/)
    expect(inspect(thisFiber)).to.match(/^thisFiber /)
    expect(JSON.stringify({ mutex, recursive, changed, waiting })).to.equal(
      `{"mutex":{"locked":true,"waiting":1},"recursive":{"locked":true,"waiting":0},"changed":{"waiting":0},"waiting":{"id":"${waiting.id}","status":"running"}}`)
    guard[Symbol.dispose]()
    await waiting.join()
  })
})
