// SPDX-License-Identifier: MIT OR BSL-1.0
import { checkFields, checkOptions, Hold, invalidArgument } from '@emilua/native'
import { withoutFiber } from '@emilua/native/fiber'
import { Channel } from './actor.js'
import type { ActorEnd } from './actor-end.js'
import { FiberCanceled } from './canceled.js'
import { Fiber } from './fiber.js'
import { Queue } from './queue.js'
import { RemoteChannel } from './remote-channel.js'
import { spawn } from './spawn.js'

/**
 * Which actors are started again when one has ended: that one; that and those after it in the list; all of them. Those
 * that have not ended are stopped first, the last one first.
 */
export type SupervisorStrategy = 'one_for_one' | 'rest_for_one' | 'one_for_all'

/** What a supervisor needs of a channel, whatever is sent through it. */
export interface SupervisedChannel {
  close (): void
  readonly closed: Promise<ActorEnd>
}

/** An actor that a {@link Supervisor} keeps. */
export interface SupervisedActor {
  /** What {@link Supervisor.channel} finds it by. */
  readonly name: string
  /** Starts it: `() => spawnVm(…)`. */
  start (): Promise<SupervisedChannel>
  /** Makes it end soon; without, its channel is closed, which ends one that only waits for messages. */
  stop? (channel: SupervisedChannel): void
  /** `'always'`, the default; `'failed'`: only if it failed, so that one may end; `'never'`. */
  readonly restart?: 'always' | 'failed' | 'never'
}

/** How a {@link Supervisor} works. */
export interface SupervisorOptions {
  /** `'one_for_one'` by default. */
  strategy?: SupervisorStrategy
  /** How many ends it makes good within {@link SupervisorOptions.period}; 3 by default. One more, and it fails. */
  intensity?: number
  /** Seconds; 5 by default. */
  period?: number
}

/** More actors ended, within its period, than a supervisor makes good. */
export class TooManyRestarts extends Error {
  override name = 'TooManyRestarts'
  /** @internal */
  constructor (
    /** Which actor ended last. */
    readonly actor: string,
    /** How. */
    readonly reason: string
  ) {
    super(`too many actors have ended, ${actor} the last: ${reason}`)
  }
}

interface Kept { readonly spec: SupervisedActor, channel: SupervisedChannel | null, run: number }
interface End { kept: Kept, run: number, reason: string }

const parts = ['name', 'start', 'stop', 'restart']

function checkActors (actors: readonly SupervisedActor[]): void {
  if (!Array.isArray(actors)) throw invalidArgument('actors', 'Expected an array of actors', actors)
  for (const [i, actor] of actors.entries()) {
    const at = `actors[${i}]`
    if (typeof actor !== 'object' || actor === null) throw invalidArgument(at, `Expected an object of ${parts.join(', ')}`, actor)
    const { name, start, stop, restart = 'always' } = actor as { [part in keyof SupervisedActor]?: unknown }
    if (typeof name !== 'string') throw invalidArgument(`${at}.name`, 'Expected a string', name)
    if (typeof start !== 'function') throw invalidArgument(`${at}.start`, 'Expected a function', start)
    if (stop !== undefined && typeof stop !== 'function') throw invalidArgument(`${at}.stop`, 'Expected a function', stop)
    if (!['always', 'failed', 'never'].includes(restart as string)) throw invalidArgument(`${at}.restart`, "Expected 'always', 'failed' or 'never'", restart)
    // An object of a class may have more.
    if (Object.getPrototypeOf(actor) === Object.prototype) checkFields(at, actor, parts)
  }
}

function isChannel (given: unknown): given is SupervisedChannel {
  return typeof given === 'object' && given !== null && 'closed' in given && typeof (given as { close?: unknown }).close === 'function'
}

async function endOf (channel: SupervisedChannel, hold: Hold): Promise<string> {
  if (channel instanceof Channel || channel instanceof RemoteChannel) return await channel.end({ hold })
  return (await channel.closed).reason
}

/** Those that nobody waits for. */
const alone = new Set<Supervisor>()

function watchExit (): void {
  process.on('beforeExit', () => {
    for (const supervisor of alone) supervisor.leftAlone()
    alone.clear()
  })
}

let watchesExit = false

/**
 * Keeps actors running: starts them in order, again when they end, and stops them in reverse.
 *
 * The program stays for it until it is through, stopped, or disposed of. If nothing else keeps the program and nobody
 * waits for its end ({@link Supervisor.join}), a warning of the process says so.
 */
export class Supervisor {
  readonly #kept: Kept[]
  readonly #hold = new Hold().unref()
  readonly #ends = new Queue<End>(Infinity)
  readonly #options: Required<SupervisorOptions>
  #control!: Fiber<void>
  /** Whether somebody was told how it ended. */
  #told = false
  #recent: number[] = []

  private constructor (actors: readonly SupervisedActor[], options: SupervisorOptions) {
    checkOptions(options, ['strategy', 'intensity', 'period'])
    checkActors(actors)
    const { strategy = 'one_for_one', intensity = 3, period = 5 } = options
    this.#options = { strategy, intensity, period }
    if (!['one_for_one', 'rest_for_one', 'one_for_all'].includes(strategy)) throw invalidArgument('options.strategy', "Expected 'one_for_one', 'rest_for_one' or 'one_for_all'", strategy)
    for (const [name, value] of Object.entries({ intensity, period })) {
      if (typeof value !== 'number' || !(value >= 0)) throw invalidArgument(`options.${name}`, 'Expected a number that is not negative', value)
    }
    if (new Set(actors.map(({ name }) => name)).size !== actors.length) throw invalidArgument('actors', 'Expected a name of its own for each actor')
    this.#kept = actors.map(spec => ({ spec, channel: null, run: 0 }))
  }

  /**
   * Starts the actors, one after the other, and keeps them. If one cannot be started, those before it are stopped, and
   * the promise rejects with the error.
   */
  static async start (actors: readonly SupervisedActor[], options: SupervisorOptions = {}): Promise<Supervisor> {
    const supervisor = new Supervisor(actors, options)
    try {
      for (const kept of supervisor.#kept) await supervisor.#start(kept)
    } catch (error) {
      await supervisor.#stop(supervisor.#kept)
      throw error
    }
    supervisor.#control = spawn(() => supervisor.#watch())
    alone.add(supervisor)
    if (!watchesExit) watchExit()
    watchesExit = true
    return supervisor
  }

  /**
   * The channel to the actor of this name as it runs now. Ask for it each time: another one may run by then.
   *
   * @returns `null` while it does not run
   */
  channel<T> (name: string): Channel<T> | null {
    const kept = this.#kept.find(({ spec }) => spec.name === name)
    if (kept === undefined) throw invalidArgument('name', 'Expected the name of an actor', name)
    return kept.channel as Channel<T> | null
  }

  /**
   * Waits until nothing is left to keep: all have ended that are not started again, or {@link Supervisor.stop} was called.
   * Rejects with {@link TooManyRestarts} when it has given up, or with what `start` of an actor threw; the others are
   * stopped then. Suspends.
   */
  async join (): Promise<void> {
    this.#stay()
    try {
      await this.#control.join()
    } catch (error) {
      if (!(error instanceof FiberCanceled)) this.#told = true
      throw error
    }
  }

  /** Stops the actors, the last one first, and waits until they have ended. Suspends. */
  async stop (): Promise<void> {
    this.#ends.close()
    await this.join()
  }

  /** As {@link Supervisor.stop}, but fails only with what no `join` has told yet. */
  async [Symbol.asyncDispose] (): Promise<void> {
    const told = this.#told
    await this.stop().catch((error: unknown) => { if (!told) throw error })
  }

  /** @internal nothing else keeps the process */
  leftAlone (): void {
    this.#stay()
    const names = this.#kept.filter(({ channel }) => channel !== null).map(({ spec }) => spec.name)
    process.emitWarning(`Nothing but a supervisor (of ${names.join(', ')}) keeps the program: await its join(), or end it by stop() or \`await using\``)
  }

  /** From now on the process stays alive for it. */
  #stay (): void {
    alone.delete(this)
    this.#hold.ref()
  }

  async #watch (): Promise<void> {
    try {
      for await (const { kept, run, reason } of this.#ends) {
        if (run !== kept.run) continue
        kept.channel = null
        const { name, restart = 'always' } = kept.spec
        if (restart === 'always' || (restart === 'failed' && reason !== 'ended')) {
          this.#count(name, reason)
          await this.#restart(kept)
        }
        if (this.#kept.every(({ channel }) => channel === null)) break
      }
    } finally {
      this.#stay()
      await this.#stop(this.#kept)
    }
  }

  #count (name: string, reason: string): void {
    const { intensity, period } = this.#options
    const now = performance.now()
    this.#recent = [...this.#recent.filter(time => now - time < period * 1000), now]
    if (this.#recent.length > intensity) throw new TooManyRestarts(name, reason)
  }

  async #restart (kept: Kept): Promise<void> {
    const { strategy } = this.#options
    const first = strategy === 'one_for_all' ? 0 : this.#kept.indexOf(kept)
    const concerned = strategy === 'one_for_one' ? [kept] : this.#kept.slice(first).filter(each => each === kept || each.channel !== null)
    await this.#stop(concerned)
    for (const each of concerned) await this.#start(each)
  }

  async #start (kept: Kept): Promise<void> {
    const channel: unknown = await kept.spec.start()
    if (!isChannel(channel)) throw invalidArgument(`actors[${this.#kept.indexOf(kept)}].start`, `Expected the channel of the actor '${kept.spec.name}' from it`, channel)
    const run = ++kept.run
    kept.channel = channel
    void withoutFiber(() => endOf(channel, this.#hold)).then(reason => this.#ends.send({ kept, run, reason })).catch(() => { /* it keeps nothing any more */ })
  }

  async #stop (actors: readonly Kept[]): Promise<void> {
    for (const { channel, spec, run } of actors.toReversed()) {
      if (channel === null) continue
      if (spec.stop === undefined) channel.close()
      else spec.stop(channel)
      await channel.closed
      const kept = this.#kept.find(each => each.spec === spec)!
      if (kept.run === run) kept.channel = null
    }
  }
}
