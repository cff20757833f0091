// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../..', import.meta.url))
const guide = readFileSync(join(root, 'docs-site/guides/lua.md'), 'utf8')

const names = (cell: string) => [...cell.matchAll(/`([a-z_]+(?:\.[a-z_]+)*)`/g)].map(match => match[1]!)
function table (heading: string): string[][] {
  const section = guide.slice(guide.indexOf(`\n## ${heading}\n`)).split(/\n## /)[1]!
  return [...section.matchAll(/^\|(.*)\|$/gm)].slice(1).map(row => row[1]!.split('|').map(cell => cell.trim()))
}

/** Asks the build for each of these: a module, `module.member`, or a global. */
function there (questions: string[]): Map<string, boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'emilua-guide-'))
  try {
    writeFileSync(join(folder, 'ask.lua'), `
      for _, name in ipairs{ ${questions.map(name => `'${name}'`).join(', ')} } do
        local ok, found = pcall(require, (name:match '^[^.]+'))
        if ok then
          for member in name:gmatch '%.([^.]+)' do found = found and found[member] end
        else
          found = not name:find('.', 1, true) and _G[name]
        end
        print(name, found ~= nil and found ~= false)
      end`)
    const { stdout, stderr } = spawnSync(join(root, 'emilua'), [join(folder, 'ask.lua')], {
      encoding: 'utf8', env: { ...process.env, EMILUA_NO_BUILD: '1' }
    })
    expect(stderr).equal('')
    return new Map(stdout.trim().split('\n').map(line => line.split('\t')).map(([name, answer]) => [name!, answer === 'true']))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('what the guide Lua says is there', () => {
  const here = table('Which modules there are').flatMap(row => names(row[0]!))
  const notYet = table('What is not there yet').flatMap(row => names(row[0]!))

  it('are the modules of this build', () => {
    expect(here).include.members(['ip', 'ffi', 'mutex', 'syscall'])
    const found = there(here)
    for (const name of here) expect(found.get(name), name).equal(true)
  })

  it('and not yet what it says is not yet', () => {
    expect(notYet).include.members(['json'])
    const found = there(notYet)
    for (const name of notYet) expect(found.get(name), `${name} is there: docs-site/guides/lua.md lists it as not yet`).equal(false)
  })

  it('which is also what require says of those modules', () => {
    const folder = mkdtempSync(join(tmpdir(), 'emilua-guide-'))
    try {
      for (const name of notYet) {
        writeFileSync(join(folder, 'ask.lua'), `print(select(2, pcall(require, '${name}')))`)
        const { stdout } = spawnSync(join(root, 'emilua'), [join(folder, 'ask.lua')], { encoding: 'utf8', env: { ...process.env, EMILUA_NO_BUILD: '1' } })
        expect(stdout).contain(`a module '${name}', which is not there yet`)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('leaves no module out', () => {
    const typed = readdirSync(join(root, 'lua-types')).filter(name => name.endsWith('.lua')).map(name => name.slice(0, -4))
    const inLua = readdirSync(join(root, 'packages')).filter(name => existsSync(join(root, 'packages', name, 'init.lua')))
    const found = there([...typed, ...inLua])
    // A global.
    found.delete('byte_span')
    for (const [name, is] of found) if (is) expect(here, `docs-site/guides/lua.md does not list ${name}`).include(name)
  })

  it('and the libraries of Lua that are left out', () => {
    const rows = table('What of Lua there is').filter(row => row.length === 2)
    const libraries = rows.slice(0, rows.findIndex(row => row[0] === 'instead of'))
    expect(libraries.length).greaterThan(5)
    const present = libraries.flatMap(row => row[1]!.startsWith('there') ? names(row[0]!) : [])
    const absent = libraries.flatMap(row => row[1]!.startsWith('not there') ? names(row[0]!) : [])
    expect(present).include.members(['string', 'coroutine', 'loadstring'])
    expect(absent).include.members(['io', 'os', 'debug', 'package'])
    const found = there([...present, ...absent])
    for (const name of present) expect(found.get(name), name).equal(true)
    for (const name of absent) expect(found.get(name), name).equal(false)
  })
})
