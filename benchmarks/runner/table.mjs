// SPDX-License-Identifier: MIT OR BSL-1.0
import { judge } from './goals.mjs'

/** 12345678 as 12.3 M, 0.01234 as 0.0123: three digits that count. */
export function short (value) {
  for (const [size, letter] of [[1e6, ' M'], [1e4, ' k']]) {
    if (value >= size) return short(value / (letter === ' k' ? 1e3 : size)) + letter
  }
  return value >= 999.5 ? value.toFixed(0) : value.toPrecision(3)
}

function verdict (judged) {
  if (!judged) return ''
  return `${short(judged.goal)} ${judged.reached ? 'reached' : `${Math.round(judged.miss * 100)} % off`}`
}

function align (rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  return rows.map(row => row.map((cell, column) => column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])).join('  ').trimEnd())
}

/** A suite's tables as lines of text. A value is followed by its ratio to that of `versus`, one of ours by its goal as well. */
export function tables (suite, contenders, results) {
  const titled = new Map()
  for (const series of results.of(suite.name)) {
    const title = suite.table(series)
    if (title === null) continue
    const rows = titled.get(title) ?? titled.set(title, new Map()).get(title)
    rows.set(`${series.round}|${series.measure}`, series)
  }
  const lines = []
  const order = suite.contenders.flatMap(({ expects }) => expects)
  for (const [title, found] of titled) {
    const rows = new Map([...found].sort(([, a], [, b]) => place(a) - place(b)))
    const shown = contenders.filter(({ name }) => [...rows.values()].some(row => value(row, name) !== undefined))
    const aimed = new Set(shown.filter(({ name, ours }) => ours && [...rows.values()].some(row =>
      judge(suite.name, row.round, row.measure, name, results.median))).map(({ name }) => name))
    const head = ['', ...shown.flatMap(({ name, versus }) => [name, ...versus ? [`/${versus}`] : [], ...aimed.has(name) ? ['goal'] : []])]
    const body = [...rows.values()].map(row => [suite.label(row), ...shown.flatMap(contender => cells(row, contender, aimed))])
    lines.push(title, ...align([head, ...body]).map(line => '  ' + line), '')
  }
  return lines

  /** Rounds stay as they ran; measures come in the order in which they are expected, others last. */
  function place ({ round, measure }) {
    const at = order.indexOf(measure)
    return suite.rounds.indexOf(round) * 1000 + (at < 0 ? 999 : at)
  }

  function value ({ round, measure }, contender) {
    return results.median([suite.name, round, measure, contender].join('|'))
  }

  function cells (row, { name, versus }, aimed) {
    const own = value(row, name)
    const printed = own === undefined ? '—' : short(own)
    const other = value(row, versus)
    const ratio = own === undefined || other === undefined ? '' : (own / other).toFixed(2)
    const judged = aimed.has(name) && verdict(judge(suite.name, row.round, row.measure, name, results.median))
    return [printed, ...versus ? [ratio] : [], ...judged === false ? [] : [judged]]
  }
}
