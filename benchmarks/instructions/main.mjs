// SPDX-License-Identifier: MIT OR BSL-1.0
// Counts the instructions of hot paths outside the kernel, which do not depend on what else the machine does, and
// compares them with counts.json.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { built, executable, folder } from '../runner/places.mjs'
import { measure, stay } from '../runner/programs.mjs'
import { paths } from './paths.mjs'

const usage = `usage: benchmarks/instructions/check [options] [NAME ...]

Counts the instructions of hot paths, each of which NAME is a part, and fails if one
takes over 5 % more than counts.json says. What changes one on purpose changes that
file with it. TypeScript is compared on the V8 only that the file was written with.

  --write    writes what was counted into counts.json
  --help
`
const tolerance = 0.05
const file = new URL('counts.json', import.meta.url)
const scratch = mkdtempSync(join(tmpdir(), 'instructions-'))
process.on('exit', () => { rmSync(scratch, { recursive: true, force: true }) })

// With these Node compiles and collects at the same places each time.
const steady = ['--predictable', '--hash-seed=1', '--random-seed=1']

function valgrind (output, { language, program, over, data: reads }) {
  const given = [...over === undefined ? [] : [over], ...reads ? [built('data')] : []]
  const command = language === 'Lua'
    ? [executable, program, ...given]
    : [process.execPath, ...steady, '--conditions=bundled', join(folder, '../packages/cli/bundled/main.js'), program, ...given]
  return ['valgrind', '--tool=cachegrind', '--cache-sim=no', `--cachegrind-out-file=${output}`, '--trace-children=no', ...command]
}

/** Runs the program with this many operations; its instructions. */
async function instructions (path, operations) {
  const output = join(scratch, path.name)
  const command = valgrind(output, path)
  if (path.measure !== undefined) {
    await measure(command, { variables: { BENCHMARK_OPERATIONS: `${path.measure} ${operations}` }, seconds: 300 })
  } else {
    const server = await stay(command, 'port', { seconds: 120 })
    await measure([built('echo_client'), 'echo', ...path.over === undefined ? [] : ['--over', path.over], '--port', server.number, '--server', server.pid, '--connections', 64,
      '--bytes', 64, '--seconds', 200, '--requests', operations / 2].map(String), { seconds: 300 })
    await server.terminate()
  }
  return Number(/^summary: (\d+)/m.exec(readFileSync(output, 'utf8'))[1])
}

/** What a start takes differs a little: the least of two. */
const least = async (path, operations) => Math.min(await instructions(path, operations), await instructions(path, operations))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean' }, help: { type: 'boolean' } }
})
if (values.help) {
  process.stdout.write(usage)
  process.exit()
}

execFileSync('make', ['--silent', '-C', folder, 'build/echo_client', 'build/data'], { stdio: 'inherit' })
const counts = JSON.parse(readFileSync(file, 'utf8'))
const chosen = paths.filter(({ name }) => positionals.length === 0 || positionals.some(part => name.includes(part)))
if (chosen.length === 0) throw new Error(`no path is called ${positionals.join(' or ')}: ${paths.map(({ name }) => name).join(', ')}`)
const sameV8 = counts.v8 === process.versions.v8
if (values.write) counts.v8 = process.versions.v8
const dearer = []

async function count (path) {
  const fewer = await least(path, path.fewer)
  const more = await least(path, path.more)
  return Math.round((more - fewer) / (path.more - path.fewer))
}

async function compare (path) {
  // The first run of a TypeScript program compiles it, and keeps that for the next.
  if (path.language === 'TypeScript') await instructions(path, 128)
  const kept = path.language === 'Lua' || sameV8 ? counts[path.name] : undefined
  const tooMany = count => !values.write && kept !== undefined && count > kept * (1 + tolerance)
  let now = await count(path)
  // What LuaJIT makes of a loop differs from run to run, as it draws where its machine code lies and which trace it
  // tries again: a path has become dearer if it is so each time.
  for (let turn = 0; turn < 3 && tooMany(now); ++turn) now = Math.min(now, await count(path))
  const change = kept === undefined ? (path.name in counts ? `not compared: counted with V8 ${counts.v8}` : 'new') : `${now >= kept ? '+' : ''}${((now / kept - 1) * 100).toFixed(1)} %`
  console.log(`${path.name.padEnd(28)} ${String(now).padStart(8)} ${change}`)
  if (tooMany(now) || (!values.write && !(path.name in counts))) dearer.push(path.name)
  if (values.write) counts[path.name] = now
}

const waiting = chosen.values()
async function oneAfterTheOther () {
  for (const path of waiting) await compare(path)
}
await Promise.all(Array.from({ length: availableParallelism() }, oneAfterTheOther))

if (values.write) {
  const known = paths.filter(({ name }) => name in counts).map(({ name }) => [name, counts[name]])
  writeFileSync(file, JSON.stringify(Object.fromEntries([...known, ['v8', counts.v8]]), null, 2) + '\n')
}
if (dearer.length > 0) {
  console.log(`\nDearer than counts.json says: ${dearer.join(', ')}.\n` +
    'Find out why; if it has to be so, run benchmarks/instructions/check --write and say in the commit what it buys.')
  process.exit(1)
}
