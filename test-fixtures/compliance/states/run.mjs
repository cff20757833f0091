// SPDX-License-Identifier: MIT OR BSL-1.0
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { child, scratch } from '../child.mjs'
import { bufferOf, luaText, operationRows } from './rows.mjs'

const folder = new URL('.', import.meta.url)
const json = file => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
const drivers = { lua: new URL('driver.lua', folder), typescript: new URL('driver.mjs', folder) }

/** The jobs of this half of the suite: every operation in every state, each in a process of its own. */
export async function stateJobs (manifest, languages) {
  const operations = json('operations.json')
  const jobs = await Promise.all(languages.map(async language => {
    const known = await knowledgeOf(language)
    const rows = operationRows(manifest, language, operations)
    return [
      ...rows.map(row => oneProblem(`rows ${language} ${row.name}`, whatIsMissing(row, known))),
      ...rows.filter(row => whatIsMissing(row, known) === null).flatMap(row =>
        statesOf(row, known).map(state => ({
          name: `states ${language} ${row.name} ${state}`,
          run: async () => [{ name: `states ${language} ${row.name}: ${state}`, problem: await problemOf(language, row, state) }]
        })))
    ]
  }))
  const names = new Set(['lua', 'typescript'].flatMap(l => operationRows(manifest, l, operations)).map(row => row.name))
  const stale = Object.keys(operations).filter(name => !names.has(name))
    .map(name => oneProblem(`rows ${name}`, 'operations.json has an entry for what is not described'))
  return [...stale, ...jobs.flat()]
}

/** What the driver of `language` can do: the names of its states, archetypes and fixtures. */
async function knowledgeOf (language) {
  const { lines, ended, errors } = await child(language, drivers[language])
  if (ended !== 'exit 0') throw new Error(`the driver of ${language}: ${ended} ${errors}`)
  const known = { suspending: [], blocking: [], archetype: [], fixture: [] }
  for (const line of lines) {
    const [kind, name] = line.split(': ')
    known[kind].push(name)
  }
  return known
}

/** The states that `row` is tried in. One that works like another is only shown to be connected. */
function statesOf (row, known) {
  const all = known[row.blocking ? 'blocking' : 'suspending']
  return row.like ? all.filter(state => ['called', 'aborted while it waits'].includes(state)) : all
}

/** The job that reports one thing, so that a pattern finds it by its name. */
function oneProblem (name, problem) {
  return { name, run: async () => [{ name, problem }] }
}

/** Why `row` cannot be tried, or `null`: an operation that nobody has thought through fails. */
function whatIsMissing (row, known) {
  if (!row.archetype) return 'operations.json says nothing about it'
  if (!known.archetype.includes(row.archetype)) return `there is no archetype ${row.archetype}`
  if (!known.fixture.includes(row.fixture)) return `there is no fixture ${row.fixture}`
  return null
}

/** What is wrong with the operation of `row` in a state, or `null`. */
export async function problemOf (language, row, state) {
  const text = language === 'lua' ? `return ${luaText(row)}` : JSON.stringify({ ...row, buffer: bufferOf(row) })
  const { lines, ended, errors } = await child(language, drivers[language], { environment: { ROW: text, STATE: state }, answers })
  if (ended !== 'exit 0') return `${ended} ${errors}`
  const reports = lines.map(line => JSON.parse(line)).filter(line => 'problem' in line)
  if (reports.length === 0) return `said nothing ${errors}`
  return reports.map(r => r.problem).find(problem => problem !== null) ?? null
}

/** What a driver may ask for: it has no hold on the other ends of its own standard streams. */
export const answers = {
  'files': process => { process.stdin.write(`${folderWithFile()}\n`) },
  'input': process => { process.stdin.write('hello') },
  'end of input': process => { process.stdin.end() },
  'read errors': (process, errors) => { errors.read() },
  'close errors': (process, errors) => { errors.close() }
}

function folderWithFile () {
  const path = mkdtempSync(join(scratch, 'files-'))
  writeFileSync(join(path, 'here'), 'hello')
  return path
}
