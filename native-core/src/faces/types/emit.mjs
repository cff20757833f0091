// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Writes everything that is generated from the description, or checks that it is as it should be.
 *
 *     emilua-describe | node emit.mjs write|check WORKSPACE
 *
 * Files of an earlier run that nothing asks for any more are removed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { generatedNote, luaModule } from './luals/module.mjs'
import { kebab } from './names.mjs'
import { spelled } from './references.mjs'
import { typescriptModule } from './typescript/module.mjs'

const [mode, workspace] = process.argv.slice(2)
if (!['write', 'check'].includes(mode) || workspace === undefined) {
  console.error('usage: emilua-describe | node emit.mjs write|check WORKSPACE')
  process.exit(2)
}
const root = resolve(workspace)

const description = readFileSync(0, 'utf8')
const manifest = JSON.parse(description)
const files = new Map([['test-fixtures/description.json', description]])
for (const module of manifest.modules.filter(m => !m.internal)) {
  files.set(`lua-types/${module.name}.lua`, luaModule(...spelled(module, manifest, 'lua')))
  for (const [path, text] of typescriptModule(...spelled(module, manifest, 'typescript'))) {
    files.set(`packages/${kebab(module.name)}/src/generated/${path}`, text)
  }
}

const stale = written().filter(path => !files.has(path))
const changed = [...files].filter(([path, text]) => current(path) !== text)

if (mode === 'write') {
  for (const path of stale) rmSync(join(root, path))
  for (const [path, text] of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
} else {
  for (const path of stale) console.log(`${path} is not generated any more`)
  for (const [path, text] of changed) showDifference(path, text)
  if (stale.length + changed.length > 0) {
    console.error('Run native-core/generate and commit what it writes.')
    process.exitCode = 1
  }
}

function current (path) {
  const file = join(root, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

function showDifference (path, text) {
  spawnSync('diff', ['-uN', '--label', path, '--label', `${path} (as described)`, join(root, path), '-'],
    { input: text, stdio: ['pipe', 'inherit', 'inherit'] })
}

/** What an earlier run wrote. */
function written () {
  const sources = readdirSync(join(root, 'packages')).flatMap(name => {
    const folder = `packages/${name}/src/generated`
    if (!existsSync(join(root, folder))) return []
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => relative(root, join(entry.parentPath, entry.name)))
  })
  // Beside these lie files that were written by hand.
  const types = readdirSync(join(root, 'lua-types'))
    .filter(name => name.endsWith('.lua'))
    .map(name => `lua-types/${name}`)
    .filter(path => current(path).includes(generatedNote))
  return [...sources, ...types]
}
