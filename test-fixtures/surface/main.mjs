// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const groups = JSON.parse(readFileSync(new URL('names.json', import.meta.url), 'utf8'))
const only = process.argv[2]
let passed = 0
let failed = 0

if (only !== 'typescript') checkLua()
if (only !== 'lua') await checkTypescript()
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function result (language, of, name, present) {
  if (present) passed++
  else {
    failed++
    console.log(`MISSING ${language} ${of}: ${name}`)
  }
}

function checkLua () {
  const emilua = process.env.EMILUA ?? fileURLToPath(new URL('../../native-core/build/release/emilua', import.meta.url))
  const program = fileURLToPath(new URL('names.lua', import.meta.url))
  const requests = groups.flatMap(({ lua }, g) => lua === null ? [] : [`${g} ${lua}`])
  const names = groups.flatMap(({ lua, names }, g) => lua === null ? [] : names.map(name => `${g} ${name}`))
  const { stdout, stderr } = spawnSync(emilua, [program], {
    encoding: 'utf8', env: { ...process.env, OBJECTS: requests.join('\n'), NAMES: names.join('\n') }
  })
  const present = new Set(stdout.split('\n'))
  for (const name of names) {
    const space = name.indexOf(' ')
    result('Lua', groups[name.slice(0, space)].of, name.slice(space + 1), present.has(name))
  }
  if (stderr !== '') console.log(stderr)
}

async function checkTypescript () {
  for (const { of, typescript, names } of groups) {
    if (typescript === null) continue
    const [from, path = ''] = typescript.split(/ (.*)/)
    const at = await import(from).then(module => walk(module, path), error => { console.log(`${from}: ${error.message}`) })
    for (const name of names) result('TypeScript', of, name, name === 'new' ? typeof at === 'function' : find(at, name) !== null)
  }
}

function walk (module, path) {
  if (path.startsWith('a_failure')) path = path.replace('a_failure', 'genericError.EINVAL')
  if (path.startsWith('new ')) return new (walk(module, path.slice(4)))()
  let at = module
  for (const part of path.split('.').filter(part => part !== '')) at = at?.[find(at, part) ?? part]
  return at
}

/** How `object` spells `name`: the naming rule, letter case aside. */
function find (object, name) {
  const wanted = name.replace(/_+$/, '').replaceAll('_', '').toLowerCase()
  const same = candidate => candidate.replaceAll('_', '').toLowerCase() === wanted
  // An error shows what it knows about itself in own properties, some of which may be absent.
  if (object instanceof Error && ['arg', 'syscall'].includes(name)) return name
  for (let o = object; o !== null && o !== undefined && o !== Object.prototype; o = Object.getPrototypeOf(o)) {
    const found = Object.getOwnPropertyNames(o).find(same)
    if (found !== undefined) return found
  }
  return null
}
