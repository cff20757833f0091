// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { argumentJobs } from './arguments/run.mjs'
import { selfJobs } from './self/run.mjs'
import { moveJobs } from './states/moves.mjs'
import { stateJobs } from './states/run.mjs'

const words = process.argv.slice(2)
const languages = ['lua', 'typescript'].filter(l => words.includes(l) || !words.some(w => w === 'lua' || w === 'typescript'))
const pattern = new RegExp(words.find(w => w !== 'lua' && w !== 'typescript') ?? '')
const manifest = JSON.parse(readFileSync(new URL('../description.json', import.meta.url), 'utf8'))

let passed = 0
let failed = 0
// Until all is done: a promise that never settles must not end in success.
process.exitCode = 1
const jobs = [...selfJobs(languages), ...argumentJobs(manifest, languages), ...moveJobs(manifest, languages), ...await stateJobs(manifest, languages)].filter(job => pattern.test(job.name))
async function worker () {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    const results = await job.run().catch(error => [{ name: job.name, problem: error.message }])
    for (const { name, problem } of results) {
      if (problem === null) passed++
      else { failed++; console.log(`FAILED ${name}\n       ${problem.replaceAll('\n', '\n       ')}`) }
    }
  }
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
