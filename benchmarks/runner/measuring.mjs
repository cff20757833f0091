// SPDX-License-Identifier: MIT OR BSL-1.0
// Runs a suite's contenders in turn, so that what disturbs the machine disturbs them alike.
import { ProgramFailed } from './programs.mjs'

/** All values of one thing measured: a suite's round and measure, for one contender. */
class Series {
  values = []
  constructor (suite, round, measure, contender, unit) {
    Object.assign(this, { suite, round, measure, contender, unit })
  }

  get median () {
    const sorted = this.values.toSorted((a, b) => a - b)
    const middle = sorted.length >> 1
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

export class Measurements {
  #series = new Map()
  failures = []

  add (suite, round, contender, measures) {
    for (const [measure, { value, unit }] of measures) {
      const key = [suite, round, measure, contender].join('|')
      if (!this.#series.has(key)) this.#series.set(key, new Series(suite, round, measure, contender, unit))
      this.#series.get(key).values.push(value)
    }
  }

  /** The median under a key of goals.mjs, undefined if it was not measured. */
  median = key => this.#series.get(key)?.median

  of (suite) {
    return [...this.#series.values()].filter(series => series.suite === suite)
  }
}

/** Fails never for a program that does: it is left out from then on, and listed in `failures`. */
export async function measureSuite (suite, contenders, { repetitions, seconds, progress }, results) {
  const open = []
  const attempt = async (contender, action) => {
    try {
      return await action()
    } catch (error) {
      if (!(error instanceof ProgramFailed)) throw error
      results.failures.push({ suite: suite.name, contender: contender.name, why: error.message })
      return null
    }
  }
  for (const contender of contenders) {
    progress(`${suite.name}: ${contender.name} starts`)
    const opened = await attempt(contender, () => contender.open())
    if (opened) open.push({ contender, opened })
  }
  for (const round of suite.rounds) {
    for (let repetition = 0; repetition < repetitions; repetition++) {
      // Who goes first changes, so that nobody always follows the same one.
      const first = repetition % Math.max(1, open.length)
      for (const entry of [...open.slice(first), ...open.slice(0, first)]) {
        const { contender, opened } = entry
        if (contender.only && !contender.only.includes(round)) continue
        progress(`${suite.name} ${round} ${repetition + 1}/${repetitions}: ${contender.name}`)
        const measures = await attempt(contender, () => opened.run({ round, seconds }))
        if (measures) results.add(suite.name, round, contender.name, measures)
        else open.splice(open.indexOf(entry), 1)
      }
    }
  }
  for (const { opened } of open) await opened.close()
  progress('')
}
