// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync } from 'node:fs'
import { child } from '../child.mjs'
import { suspendingOperations } from './operations.mjs'

const folder = new URL('.', import.meta.url)
const drivers = { lua: 'driver.lua', typescript: 'driver.mjs' }
const read = file => readFileSync(new URL(file, folder), 'utf8')

// The names of the states, as the drivers spell them.
const states = {
  lua: [...read('driver.lua').matchAll(/^states\['(.+)'\]/gm)].map(match => match[1]),
  typescript: [...read('driver.mjs').matchAll(/^ {2}async '(.+)' \(/gm)].map(match => match[1])
}

/** The jobs of this half of the suite: every suspending operation in every state, each in a process of its own. */
export function stateJobs (manifest, languages) {
  return languages.flatMap(language => {
    const operations = suspendingOperations(manifest, language).map(({ name }) => name)
    return [
      { name: `rows ${language}`, run: () => missingRows(operations, language) },
      ...operations.flatMap(operation => states[language].map(state => ({
        name: `states ${language} ${operation} ${state}`,
        run: async () => [{ name: `states ${language} ${operation}: ${state}`, problem: await problemOf(language, operation, state) }]
      })))
    ]
  })
}

/** An operation that nobody has thought through fails. */
async function missingRows (operations, language) {
  const { lines, ended, errors } = await child(language, new URL(drivers[language], folder), { environment: { STATE: 'rows' } })
  if (ended !== 'exit 0') return [{ name: `rows ${language}`, problem: `${ended} ${errors}` }]
  const file = language === 'lua' ? 'rows.lua' : 'rows.mjs'
  return [
    ...operations.map(name => ({
      name: `rows ${language} ${name}`,
      problem: lines.includes(name) ? null : `states/${file} says nothing about it`
    })),
    ...lines.filter(name => !operations.includes(name)).map(name => ({
      name: `rows ${language} ${name}`, problem: `states/${file} has a row for what is not described`
    }))
  ]
}

async function problemOf (language, operation, state) {
  const environment = { OPERATION: operation, STATE: state }
  const { lines, ended, errors } = await child(language, new URL(drivers[language], folder), { environment, answers })
  if (ended !== 'exit 0') return `${ended} ${errors}`
  const reports = lines.map(line => JSON.parse(line)).filter(line => 'problem' in line)
  if (reports.length === 0) return `said nothing ${errors}`
  return reports.map(r => r.problem).find(problem => problem !== null) ?? null
}

/** What a driver may ask for: it has no hold on the other ends of its own standard streams. */
const answers = {
  'input': process => { process.stdin.write('hello') },
  'end of input': process => { process.stdin.end() },
  'read errors': (process, errors) => { errors.read() },
  'close errors': (process, errors) => { errors.close() }
}
