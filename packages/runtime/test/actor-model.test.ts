// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import fc from 'fast-check'
import { inbox, onPanic, spawnVm, type Channel } from '@emilua/runtime'

const program = (language: string): URL => new URL(`./actors/model.${language}`, import.meta.url)

/** Where an actor runs: as a VM beside others, as a VM on a thread of its own, as a worker of Node. */
const kinds = ['shared', 'own', 'worker'] as const
type Kind = typeof kinds[number]

interface Payload { order: number, text: string, numbers: number[], bytes: Uint8Array }

/** What one participant, known by its number, is told to do, or is done to it. The main thread is number 0. */
type Step =
  | { do: 'spawn', kind: Kind }
  | { do: 'introduce', who: number, to: number, whom: number }
  | { do: 'forget', who: number, whom: number }
  | { do: 'pass', who: number, path: number[], text: string, numbers: number[], size: number }
  | { do: 'leave', who: number, how: 'return' | 'close' | 'exit' | 'fail' }

const hops = 4
const anybody = fc.nat(5)
const aKind = fc.constantFrom(...kinds, 'shared' as const, 'own' as const)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('spawn' as const), kind: aKind }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('introduce' as const), who: anybody, to: anybody, whom: anybody }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forget' as const), who: anybody, whom: anybody }) },
  {
    weight: 40,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      who: anybody,
      path: fc.array(anybody, { minLength: 1, maxLength: hops }),
      text: fc.string({ unit: 'grapheme', maxLength: 9 }),
      numbers: fc.array(fc.double(), { minLength: 1, maxLength: 3 }),
      size: fc.oneof({ weight: 19, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.constant(70_000) })
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('leave' as const), who: anybody, how: fc.constantFrom('return' as const, 'close' as const, 'exit' as const, 'fail' as const) })
  }
)

interface Item { from: string, number: number, path: string, payload: Payload }
interface Report { report: string, sent: Record<string, number>, refused: Record<string, string>, received: Omit<Item, 'path'>[] | Record<string, never> }

/** The main thread's part: it tells the others what to do, and is one of them. */
class Main {
  readonly #actors: { name: string, channel: Channel<unknown> }[] = []
  readonly #told: Payload[] = []
  readonly #left = new Set<string>()
  readonly #flushed = new Set<string>()
  readonly #reports = new Map<string, Report>()
  readonly #reasons = new Map<string, string>()
  readonly #own = { report: 'main', sent: {} as Record<string, number>, refused: {} as Record<string, string>, received: [] as Omit<Item, 'path'>[] }

  async take (step: Step): Promise<void> {
    if (step.do === 'spawn') return this.#spawn(step.kind)
    const name = this.#name(step.who)
    switch (step.do) {
      case 'introduce': return this.#tell(name, { order: 'introduce', to: this.#name(step.to), whom: this.#name(step.whom) })
      case 'forget': return this.#tell(name, { order: 'forget', whom: this.#name(step.whom) })
      case 'pass': {
        const payload = { order: this.#told.length, text: step.text, numbers: step.numbers, bytes: new Uint8Array(step.size).fill(this.#told.length) }
        this.#told.push(payload)
        const path = step.path.map(i => this.#name(i)).join(' ')
        if (name === 'main') this.#pass(path, payload)
        else this.#tell(name, { order: 'pass', path, payload })
        return
      }
      case 'leave':
        // What fails in Lua is written to the standard error of the process.
        if (name !== 'main') this.#leave(name, step.how === 'fail' && !name.startsWith('worker') ? 'return' : step.how)
    }
  }

  /** Lets all come to an end. @returns what everybody sent and received */
  async end (): Promise<{ reports: Report[], told: Payload[], left: Set<string>, reasons: string[] }> {
    const left = new Set(this.#left)
    while (this.#reasons.size < left.size) await this.#receive()
    // Who has flushed has sent all that it was told to before, and what came for it by then.
    for (let hop = 0; hop < hops; hop++) {
      this.#flushed.clear()
      const staying = this.#actors.filter(({ name }) => !left.has(name))
      for (const { name } of staying) this.#tell(name, { order: 'flush' })
      while (this.#flushed.size < staying.length) await this.#receive()
    }
    for (const { name } of this.#actors) if (!left.has(name)) this.#leave(name, 'return')
    while (this.#reasons.size < this.#actors.length) await this.#receive()
    for (const { channel } of this.#actors) channel.close()
    return { reports: [this.#own, ...this.#reports.values()], told: this.#told, left, reasons: [...this.#reasons.values()] }
  }

  /** Starts one more, who knows all that are there, as they know it. */
  async #spawn (kind: Kind): Promise<void> {
    const own = `${kind}${this.#actors.length}`
    const channel = await spawnVm<unknown>(program(kind === 'worker' ? 'mjs' : 'lua'), kind === 'own' ? { inheritContext: false } : {})
    channel.send({ own, main: inbox })
    channel.watch(own)
    this.#actors.push({ name: own, channel })
    this.#tell(own, { order: 'know', name: 'main', address: inbox })
    for (const other of this.#actors) {
      this.#tell(other.name, { order: 'know', name: own, address: channel })
      this.#tell(own, { order: 'know', name: other.name, address: other.channel })
    }
  }

  #name (which: number): string {
    return ['main', ...this.#actors.map(actor => actor.name)][which % (this.#actors.length + 1)]!
  }

  #tell (name: string, order: object): void {
    try {
      this.#actors.find(actor => actor.name === name)?.channel.send(order)
    } catch (error) {
      expect(error).to.include({ code: 'CHANNEL_CLOSED' })
      expect(this.#left).to.include(name)
    }
  }

  #leave (name: string, how: string): void {
    this.#tell(name, { order: 'leave', how })
    this.#left.add(name)
  }

  #pass (path: string, payload: Payload): void {
    const [to, ...rest] = path.split(' ') as [string, ...string[]]
    const found = this.#actors.find(actor => actor.name === to)
    if (!found) return
    const { sent, refused } = this.#own
    const number = sent[to] ?? 0
    try {
      found.channel.send({ from: 'main', number, path: rest.join(' '), payload })
      sent[to] = number + 1
    } catch (error) {
      refused[to] = (error as Error).message
    }
  }

  async #receive (): Promise<void> {
    const message = await inbox.receive<Item | Report | { flushed: string } | { ended: string, reason: string } | { order: string, address?: Channel<unknown> }>()
    if ('order' in message) {
      message.address?.close()
    } else if ('flushed' in message) {
      this.#flushed.add(message.flushed)
    } else if ('ended' in message) {
      expect(this.#reports.has(message.ended), `${message.ended}: ${message.reason}`).to.equal(true)
      this.#reasons.set(message.ended, message.reason)
    } else if ('report' in message) {
      expect(this.#reports.has(message.report)).to.equal(false)
      this.#reports.set(message.report, message)
    } else {
      this.#own.received.push(message)
      this.#pass(message.path, message.payload)
    }
  }
}

/** `shared3` → `shared`. */
function kindOf (name: string): string {
  return name.replace(/\d+$/, '')
}

const seed = Number(process.env['EMILUA_MODEL_SEED'] ?? Date.now() % 2 ** 31)

describe('messages, beside a model of them', function () {
  this.timeout(120_000)

  it(`are not lost, doubled or reordered, whoever sends, ends or passes addresses on (EMILUA_MODEL_SEED=${seed})`, async () => {
    const panics: unknown[] = []
    // Of kinds, who sent to whom.
    const ways = new Set<string>()
    using handler = onPanic(({ error }) => { panics.push((error as Error).message) })
    const first = fc.array(aKind.map((kind): Step => ({ do: 'spawn', kind })), { minLength: 2, maxLength: 4 })
    await fc.assert(fc.asyncProperty(first, fc.array(step, { minLength: 20, maxLength: 100 }), async (actors, steps) => {
      const main = new Main()
      for (const each of [...actors, ...steps]) await main.take(each)
      const { reports, told, left, reasons } = await main.end()
      for (const reason of reasons) expect(reason).to.match(/^ended$|^panicked: Error: on purpose/)
      for (const { report: from, sent, refused } of reports) {
        for (const [to, why] of Object.entries(refused)) expect(left.has(to), `from ${from} to ${to}: ${why}`).to.equal(true)
        for (const { report: to, received } of reports) {
          // An empty list is an empty table.
          const got = (Array.isArray(received) ? received : []).filter(item => item.from === from)
          expect(got.map(item => item.number), `from ${from} to ${to}`).to.deep.equal(got.map((_, i) => i))
          if (got.length > 0) ways.add(`${kindOf(from)} to ${kindOf(to)}`)
          for (const { payload } of got) expect(payload).to.deep.equal(told[payload.order])
          const count = sent[to] ?? 0
          if (left.has(to)) expect(got.length).to.be.at.most(count)
          else expect(got.length, `from ${from} to ${to}`).to.equal(count)
        }
      }
    }), { seed, numRuns: 30, endOnFailure: true })
    expect(handler).to.be.an('object')
    expect([...ways].sort()).to.deep.equal(['main', ...kinds].flatMap(from => ['main', ...kinds].map(to => `${from} to ${to}`)).filter(way => way !== 'main to main').sort())
    expect(panics.filter(message => message !== 'on purpose')).to.deep.equal([])
  })
})
