// SPDX-License-Identifier: MIT OR BSL-1.0
// Draws what benchmarks/grow --json or benchmarks/run --json printed, given on standard input, as SVG on standard output.
import { readFileSync } from 'node:fs'
import { short } from './table.mjs'

const colours = [
  '#4477aa', '#ee6677', '#228833', '#ccbb44', '#66ccee', '#aa3377', '#bbbbbb', '#000000', '#ee7733', '#009988',
  '#882255', '#999933', '#332288', '#88ccee', '#ddcc77', '#117733', '#cc6677', '#44aa99'
]
const escaped = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const text = (x, y, content, more = '') => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped(content)}</text>`
const line = (x1, y1, x2, y2, more) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" ${more}/>`

function picture (width, height, parts) {
  return [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`, ...parts, '</svg>', ''].join('\n')
}

/** The powers of ten around all `values`, as exponents. */
function decades (values) {
  const first = Math.floor(Math.log10(Math.min(...values)))
  return [first, Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))))]
}

/** One measure over the number of what there is, both on logarithmic scales, in a frame at (left, top). */
function curves ({ name, sizes, points, ...result }, measure, colourOf, { left, top, width, height }) {
  // Nothing has no logarithm.
  const shown = points.filter(point => point[measure] > 0)
  if (shown.length === 0) return []
  const [lowest, highest] = decades(shown.map(point => point[measure]))
  const last = Math.log10(sizes.at(-1)) || 1
  const x = count => left + Math.log10(count) / last * width
  const y = value => top + height - (Math.log10(value) - lowest) / (highest - lowest) * height
  const parts = [text(left, top - 22, name, 'font-weight="bold"'), text(left, top - 8, result[measure])]
  for (let decade = lowest; decade <= highest; decade++) {
    parts.push(line(left, y(10 ** decade), left + width, y(10 ** decade), 'stroke="#ddd"'))
    parts.push(text(left - 5, y(10 ** decade) + 4, decade < 0 ? String(10 ** decade) : short(10 ** decade).replace('.00', '').replace('.0', ''), 'text-anchor="end"'))
  }
  for (const count of sizes) parts.push(text(x(count), top + height + 14, count.toLocaleString('en'), 'text-anchor="middle" font-size="9"'))
  for (const contender of result.contenders) {
    const own = shown.filter(point => point.contender === contender)
    const places = own.map(point => `${x(point.count).toFixed(1)},${y(point[measure]).toFixed(1)}`)
    parts.push(`<polyline points="${places.join(' ')}" fill="none" stroke="${colourOf(contender)}" stroke-width="2"/>`)
    for (const place of places) {
      const [cx, cy] = place.split(',')
      parts.push(`<circle cx="${cx}" cy="${cy}" r="2.5" fill="${colourOf(contender)}"/>`)
    }
  }
  return parts
}

function legend (names, colourOf, y) {
  return names.flatMap((name, i) => [
    `<rect x="${20 + i * 110}" y="${y - 9}" width="10" height="10" fill="${colourOf(name)}"/>`, text(35 + i * 110, y, name)
  ])
}

function growth ({ machine, results }) {
  const names = [...new Set(results.flatMap(({ contenders }) => contenders))]
  const colourOf = name => colours[names.indexOf(name)]
  const width = 330
  const height = 150
  const parts = [text(20, 20, machine), ...legend(names, colourOf, 40)]
  results.forEach((result, row) => {
    ['cpu', 'memory'].forEach((measure, column) => {
      parts.push(...curves(result, measure, colourOf, { left: 60 + column * 410, top: 90 + row * 230, width, height }))
    })
  })
  return picture(840, 60 + results.length * 230 + 20, parts)
}

/** CPU of an echo of each server, beside that of the loop in C, which is 1. */
function echoes ({ machine, values }) {
  const cpu = values.filter(({ suite, measure }) => suite === 'echo' && measure === 'cpu')
  const rounds = [...new Set(cpu.map(({ round }) => round))]
  const names = [...new Set(cpu.map(({ contender }) => contender))]
  const colourOf = name => colours[names.indexOf(name)]
  const ratio = (round, name) => {
    const [own, c] = [name, 'raw epoll'].map(one => cpu.find(value => value.round === round && value.contender === one)?.median)
    return own && c ? own / c : 0
  }
  const most = Math.max(...rounds.flatMap(round => names.map(name => ratio(round, name))))
  const parts = [text(20, 20, machine), text(20, 38, 'TCP echo, connections × bytes: CPU of the server a request; the loop over epoll in C is 1', 'font-weight="bold"')]
  rounds.forEach((round, row) => {
    const top = 60 + row * (names.length * 15 + 30)
    parts.push(text(20, top + 4, round, 'font-weight="bold"'))
    names.forEach((name, i) => {
      const y = top + 12 + i * 15
      const value = ratio(round, name)
      parts.push(text(110, y + 9, name, 'text-anchor="end"'))
      parts.push(`<rect x="118" y="${y}" width="${(value / most * 440).toFixed(1)}" height="11" fill="${colourOf(name)}"/>`)
      parts.push(text(124 + value / most * 440, y + 9, value.toFixed(2)))
    })
  })
  return picture(620, 60 + rounds.length * (names.length * 15 + 30), parts)
}

const measured = JSON.parse(readFileSync(0, 'utf8'))
process.stdout.write(measured.results ? growth(measured) : echoes(measured))
