// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync } from 'node:fs'
import { child } from '../child.mjs'
import { instance } from '../arguments/objects.mjs'
import { modules } from '../described.mjs'
import { camel, packageName } from '../names.mjs'
import { luaText, operationRows } from './rows.mjs'
import { answers } from './run.mjs'

const drivers = { lua: new URL('mover.lua', import.meta.url), typescript: new URL('mover.mjs', import.meta.url) }
const operations = JSON.parse(readFileSync(new URL('operations.json', import.meta.url), 'utf8'))
/** Where what each language sends arrives, and comes back from. */
const partners = { lua: ['lua', 'lua on its own thread'], typescript: ['lua', 'lua on its own thread', 'typescript'] }

/** The jobs of this half of the suite: an object of every class is sent to every kind of actor, or refused. */
export function moveJobs (manifest, languages) {
  return languages.flatMap(language => classes(manifest, language).flatMap(of => partners[language].map(partner => {
    const name = `moves ${language} ${of.name} to ${partner}`
    return { name, run: async () => [{ name, problem: await problemOf(manifest, language, of, partner) }] }
  })))
}

/** What the description says of the classes that `language` has: `{ module, cls, name, way }`. */
export function classes (manifest, language) {
  return manifest.modules.flatMap(module => module.classes
    .filter(cls => [module, ...cls.members].some(part => part.languages?.includes(language) ?? true))
    .filter(cls => cls.members.length === 0 || cls.members.some(m => m.languages?.includes(language) ?? true))
    .map(cls => ({ module: module.name, cls, name: `${module.name}.${cls.name}`, way: wayOf(cls) })))
}

/** How a class leaves its program. One that says nothing does not. */
function wayOf ({ value, transfer }) {
  if (value) return 'value'
  if (!transfer) return 'stays'
  return transfer.copies ? 'copy' : 'move'
}

/** Objects of the module of actors, which only the runtimes of both languages name. */
const actors = {
  'actor.channel': { lua: 'partner', typescript: 'partner' },
  'actor.bounded_channel': {
    lua: "spawn_vm{ module = './partner', inbox = { limit = 2 } }",
    typescript: 'await runtime.spawnVm(process.env.PARTNER, { inbox: { limit: 2 } })'
  },
  'actor.inbox': { lua: "require 'inbox'", typescript: 'runtime.inbox' },
  'actor.remote_channel': {
    lua: 'spawn_vm{ module = filesystem.path.new(system.environment.PARTNER), subprocess = {} }',
    typescript: 'await runtime.spawnVm(process.env.PARTNER, { subprocess: {} })'
  }
}

async function problemOf (manifest, language, of, partner) {
  const row = of.way === 'move' ? operationOf(manifest, language, of) : undefined
  const job = { way: of.way, partner, ...row ? {} : expressionOf(manifest, language, of), equal: of.cls.metamethods?.some(m => m.name === 'eq') }
  const text = value => language === 'lua' ? `return ${luaText(value)}` : JSON.stringify(value)
  const environment = {
    MOVE: text({ ...job, camel: row && camel(row.method) }),
    PARTNER: new URL('partner.lua', import.meta.url).pathname,
    ...row ? { ROW: text(row) } : {}
  }
  const { lines, ended, errors } = await child(language, drivers[language], { environment, answers })
  if (ended !== 'exit 0') return `${ended} ${errors}`
  const report = lines.filter(line => line.startsWith('{"problem"')).map(line => JSON.parse(line)).at(-1)
  return report === undefined ? `said nothing ${errors}` : report.problem
}

/** What is called where an object of the class arrives: something that waits, if it has any. */
function operationOf (manifest, language, { module, cls, name }) {
  const rows = operationRows(manifest, language, operations)
    .filter(row => row.module === module && row.cls === cls.name && row.method && row.archetype && row.archetype !== 'connector' && !row.privileged)
  const row = rows.find(row => !row.prompt) ?? rows[0]
  if (row === undefined) throw new Error(`states/operations.json has no operation of a ${name} to try where it arrives`)
  return row
}

function expressionOf (manifest, language, { module, cls, name }) {
  const row = actors[name] ?? instance(manifest, module, cls.name)
  const { lua, before = '', typescript } = row
  if (language === 'lua') return { expression: lua }
  const used = modules(manifest, 'typescript').map(m => m.name).filter(m => new RegExp(`\\b${camel(m)}\\.`).test(`${before} ${typescript}`))
  return { expression: typescript, before, modules: used.map(m => [camel(m), packageName(m)]) }
}
