// SPDX-License-Identifier: MIT OR BSL-1.0
// MB/s of this machine, beside the JSON of JavaScript: ./emilua plugins/json/benchmark/json.ts
import { parse, stringify } from 'emilua-plugin-json'

const people = Array.from({ length: 1000 }, (_, i) => ({
  id: i, name: `Person ${i}`, active: i % 2 === 0, score: i / 7, tags: ['a', 'b', 'c'], address: { street: 'Main Street', number: i }
}))
const text = JSON.stringify(people)

function rate (f: () => unknown): string {
  let rounds = 0
  const begin = process.cpuUsage().user
  while (process.cpuUsage().user - begin < 500_000) {
    f()
    rounds++
  }
  return (rounds * text.length / (process.cpuUsage().user - begin)).toFixed(0)
}
for (const [name, ours, theirs] of [
  ['parse', () => parse(text), () => JSON.parse(text) as unknown],
  ['stringify', () => stringify(people), () => JSON.stringify(people)]
] as const) {
  console.log(name, 'plugin', rate(ours), 'JSON', rate(theirs), 'MB/s')
}
