// SPDX-License-Identifier: MIT OR BSL-1.0
import assert from 'node:assert'
import { badCalls, callables } from '../arguments/cases.mjs'
import { badValues, goodValue } from '../arguments/values.mjs'
import { child } from '../child.mjs'
import { moveJobs } from '../states/moves.mjs'
import { operationRows } from '../states/rows.mjs'
import { problemOf } from '../states/run.mjs'
import { Refused, convert } from './face.mjs'
import { manifest } from './manifest.mjs'

/** The jobs that try the suite itself: values of every type, and operations of which it is known what is wrong. */
export function selfJobs (languages) {
  const own = { 'what a language has': hasOnlyItsOwn, 'values': valuesAreGoodAndBad, 'values in Lua': valuesAreLua, 'a class without a row': classesNeedRows }
  return [
    ...Object.entries(own).map(([title, run]) => ({ name: `self ${title}`, run: () => result(title, run) })),
    ...cases.filter(([language]) => languages.includes(language)).map(([language, fixture, state, wanted]) => {
      const title = `${language} ${fixture}: ${state}`
      return { name: `self ${title}`, run: () => result(title, () => judged(language, fixture, state, wanted)) }
    })
  ]
}

async function result (title, run) {
  const problem = await Promise.resolve().then(run).then(() => null, error => error.stack)
  return [{ name: `self ${title}`, problem }]
}

// What the suite must say of each fake.
const cases = [
  ['typescript', 'fake_disk', 'aborted before it starts', null],
  ['typescript', 'fake_disk', 'aborted while it waits', null],
  ['typescript', 'fake_disk', 'aborted after it succeeded', null],
  ['typescript', 'fake_disk', 'aborted with many of them under way', null],
  ['typescript', 'fake_disk', 'its fiber canceled', null],
  ['typescript', 'fake_disk', 'process ends with it pending', null],
  ['typescript', 'fake_disk', 'worker ends with it pending', null],
  ['typescript', 'fake_losing_disk', 'aborted while it waits', /there is no from/],
  ['typescript', 'fake_losing_disk', 'aborted with many of them under way', /there is no from/],
  ['typescript', 'fake_hanging_disk', 'aborted with many of them under way', /exit 13/],
  ['typescript', 'fake_deaf_disk', 'aborted before it starts', /Missing expected rejection/],
  ['typescript', 'fake_receiver', 'aborted while it waits', null],
  ['typescript', 'fake_reasonless_receiver', 'aborted while it waits', /canceled/],
  ['typescript', 'fake_hasty_receiver', 'aborted while it waits', /it did not wait/],
  ['lua', 'fake_disk', 'called', null],
  ['lua', 'fake_failing_disk', 'called', /there is no disk/],
  ['lua', 'fake_receiver', 'canceled while it waits', null],
  ['lua', 'fake_receiver', 'canceled after it succeeded', null],
  ['lua', 'fake_wrong_receiver', 'canceled after it succeeded', /gave 6/],
  ['lua', 'fake_hasty_receiver', 'canceled while it waits', /it did not wait/],
  ['lua', 'fake_deaf_receiver', 'canceled while it waits', /it succeeded/]
]

async function judged (language, fixture, state, wanted) {
  const rows = operationRows(manifest, language, {
    'fake.disk.rename': { archetype: 'job', fixture, arguments: ['$from', '$to'] },
    'fake.receiver.receive': { archetype: 'receiver', fixture, expect: 5 }
  })
  const row = rows.find(r => r.name === (fixture.endsWith('disk') ? 'fake.disk.rename' : 'fake.receiver.receive'))
  const problem = await problemOf(language, row, state)
  if (wanted === null) assert.equal(problem, null)
  else assert.match(String(problem), wanted)
}

function hasOnlyItsOwn () {
  const names = language => callables(manifest, language).map(c => c.name)
  assert.deepEqual(names('lua'), ['fake.spawn', 'fake.only_here', 'fake.disk.rename', 'fake.receiver.receive'])
  assert.deepEqual(names('typescript'), ['fake.spawn', 'fake.disk.rename', 'fake.receiver.receive', 'elsewhere.there'])
  const rows = language => operationRows(manifest, language, {}).map(r => r.name)
  assert.deepEqual(rows('lua'), ['fake.disk.rename', 'fake.receiver.receive'])
  assert.deepEqual(rows('typescript'), ['fake.hidden', 'fake.disk.rename', 'fake.receiver.receive', 'elsewhere.there'])
}

const port = { kind: 'integer', minimum: 0, maximum: 65535 }
const options = manifest.modules[0].functions[0]
const { type } = options.parameters[0]
const valueOf = text => Function(`return ${text}`)()

function valuesAreGoodAndBad () {
  convert(valueOf(goodValue(type, manifest).typescript), type, manifest)
  const bad = badValues(type, manifest)
  for (const { label, typescript, path } of bad.filter(b => b.typescript)) {
    const refused = error => error instanceof Refused && error.path === path.typescript
    assert.throws(() => convert(valueOf(typescript), type, manifest), refused, `${label}: ${typescript} at ${path.typescript}`)
  }
  const at = label => bad.find(b => b.label === label)?.path
  assert.deepEqual(at('a string as number in a list as extra_fds'), { lua: '.extra_fds[2].number', typescript: '.extraFds[1].number' })
  assert.deepEqual(at('an unknown key in a list as extra_fds'), { lua: '.extra_fds[2].nosuch', typescript: '.extraFds[1].nosuch' })
  assert.deepEqual(at('a string in a list in a map as slots'), { lua: '.slots[7][2]', typescript: '.slots[7][1]' })
  assert.deepEqual(at('a number in a map as environment'), { lua: '.environment.k', typescript: '.environment.k' })
  assert.deepEqual(at('without program'), { lua: '.program', typescript: '.program' })
  const calls = badCalls({ member: options }, manifest, 'lua')
  assert(calls.some(c => c.path === '.pass_phrase' && c.culprit === 0))
}

/** A class that is new: nobody has said how it comes to be, or what is to be tried where it arrives. */
async function classesNeedRows () {
  const members = [{ name: 'number', kind: 'property', results: [{ type: port }] }]
  const fake = { name: 'fake', functions: [], classes: [{ name: 'mover', transfer: { copies: false, version: 1 }, members }, { name: 'sitter', members }] }
  const jobs = moveJobs({ ...manifest, modules: [fake] }, ['lua', 'typescript'])
  assert.equal(jobs.length, 10)
  for (const { name, run } of jobs) await assert.rejects(run(), name.includes('mover') ? /no operation of a fake.mover/ : /nothing about how a fake.sitter is made/)
}

/** Each is an expression of Lua. */
async function valuesAreLua () {
  const texts = [goodValue(type, manifest), ...badValues(type, manifest)].map(v => v.lua).filter(Boolean)
  const { lines, ended, errors } = await child('lua', texts.map(text => `print(#{(${text})})`).join('\n'))
  assert.equal(ended, 'exit 0', errors)
  assert.deepEqual(lines, texts.map(() => '1'))
}
