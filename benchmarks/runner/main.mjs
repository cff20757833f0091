// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, loadavg, release } from 'node:os'
import { parseArgs } from 'node:util'
import { judge } from './goals.mjs'
import { Measurements, measureSuite } from './measuring.mjs'
import { folder, oursIsBuilt } from './places.mjs'
import { suites } from './suites/index.mjs'
import { tables } from './table.mjs'

const usage = `usage: benchmarks/run [options]

Runs Emilua for Node and its peers in turn on this machine and prints medians,
ratios to the peer, and whether the goals are reached.

  --only NAMES         only these suites, separated by commas:
                       ${suites.map(suite => suite.name).join(', ')}
  --quick              a first look: fewer and shorter turns
  --repetitions N      turns of each contender (default 3, quick 2)
  --seconds S          length of a turn (default 0.55, quick 0.2)
  --peers              only the peers
  --json               print every value as JSON instead of tables
  --save FILE          write it to a file, besides
  --help
`

function fail (message) {
  process.stderr.write(`benchmarks/run: ${message}\n`)
  process.exit(2)
}

function options () {
  let given
  try {
    given = parseArgs({
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean' },
        repetitions: { type: 'string' },
        seconds: { type: 'string' },
        peers: { type: 'boolean' },
        json: { type: 'boolean' },
        save: { type: 'string' },
        help: { type: 'boolean' }
      }
    }).values
  } catch (error) {
    fail(`${error.message}\n${usage}`)
  }
  if (given.help) {
    process.stdout.write(usage)
    process.exit(0)
  }
  const number = (name, usual, least) => {
    const value = Number(given[name] ?? usual)
    if (!(value >= least)) fail(`--${name} must be a number of at least ${least}`)
    return value
  }
  const names = given.only?.split(',') ?? suites.map(suite => suite.name)
  const unknown = names.find(name => !suites.some(suite => suite.name === name))
  if (unknown !== undefined) fail(`no suite is called ${unknown}\n${usage}`)
  return {
    chosen: suites.filter(suite => names.includes(suite.name)),
    repetitions: Math.floor(number('repetitions', given.quick ? 2 : 3, 1)),
    seconds: number('seconds', given.quick ? 0.2 : 0.55, 0.01),
    peersOnly: given.peers ?? false,
    json: given.json ?? false,
    save: given.save
  }
}

const { chosen, repetitions, seconds, peersOnly, json, save } = options()

execFileSync('make', ['--silent', '-C', folder], { stdio: ['ignore', 2, 2] })
const withOurs = !peersOnly && oursIsBuilt()
if (!peersOnly && !withOurs) process.stderr.write('benchmarks/run: Emilua is not built (./emilua --version builds it): peers only\n')

const machine = `${cpus().length} × ${cpus()[0].model}, Linux ${release()}, Node ${process.version}, load ${loadavg()[0].toFixed(1)}`
if (!json) console.log(`${machine}; medians of ${repetitions} turns of ${seconds} s\n`)

const progress = process.stderr.isTTY ? text => process.stderr.write(`\r\x1b[K${text}`) : () => {}
const results = new Measurements()
const begun = Date.now()
for (const suite of chosen) {
  const contenders = suite.contenders.filter(contender => withOurs || !contender.ours)
  await measureSuite(suite, contenders, { repetitions, seconds, progress }, results)
  if (!json) console.log(tables(suite, contenders, results).join('\n'))
}

const series = chosen.flatMap(suite => results.of(suite.name))
const judged = series.map(({ suite, round, measure, contender }) => judge(suite, round, measure, contender, results.median))
const values = series.map((one, i) => ({ ...one, median: one.median, ...judged[i] }))
const everything = JSON.stringify({ machine, repetitions, seconds, values, failures: results.failures })
if (save !== undefined) writeFileSync(save, everything + '\n')
if (json) {
  console.log(everything)
} else {
  const set = judged.filter(one => one !== null)
  console.log(`${set.filter(one => one.reached).length} of ${set.length} goals reached; ${Math.round((Date.now() - begun) / 1000)} s`)
}
for (const { suite, contender, why } of results.failures) process.stderr.write(`FAILED ${suite}: ${contender}: ${why}\n`)
process.exitCode = results.failures.length > 0 ? 1 : 0
