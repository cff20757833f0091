// SPDX-License-Identifier: MIT OR BSL-1.0
// Runs every program of the benchmarks for a moment: none may fail, and each must print what it is to measure.
// It says nothing about speed. With --peers, Emilua itself is left out.
import { execFileSync } from 'node:child_process'
import { Measurements, measureSuite } from './measuring.mjs'
import { folder, oursIsBuilt } from './places.mjs'
import { suites } from './suites/index.mjs'
import { tables } from './table.mjs'

const peersOnly = process.argv[2] === '--peers'
const problems = []

execFileSync('make', ['--silent', '-C', folder], { stdio: ['ignore', 2, 2] })
if (!peersOnly && !oursIsBuilt()) problems.push('Emilua is not built')

const results = new Measurements()
for (const suite of suites) {
  const contenders = suite.contenders.filter(contender => !contender.ours || (!peersOnly && oursIsBuilt()))
  await measureSuite(suite, contenders, { repetitions: 1, seconds: 0.02, progress: () => {} }, results)
  const measured = results.of(suite.name)
  for (const { name, expects, only } of contenders) {
    for (const round of only ?? suite.rounds) {
      for (const measure of expects) {
        const series = measured.find(one => one.round === round && one.measure === measure && one.contender === name)
        if (!series) problems.push(`${suite.name} ${round}: ${name} did not measure ${measure}`)
      }
    }
  }
  if (tables(suite, contenders, results).length === 0) problems.push(`${suite.name}: an empty table`)
}
for (const { suite, contender, why } of results.failures) problems.push(`${suite}: ${contender}: ${why}`)

for (const problem of problems) console.log(`FAILED ${problem}`)
console.log(problems.length === 0 ? 'benchmarks: every program runs' : `benchmarks: ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
