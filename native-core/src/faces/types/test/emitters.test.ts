// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const here = import.meta.dirname
const expected = join(here, 'expected')
const everyKind = readFileSync(join(here, 'every-kind.json'), 'utf8')

function emit (mode: 'write' | 'check', root: string, manifest = everyKind) {
  const emitter = join(here, '../emit.mjs')
  return spawnSync(process.execPath, [emitter, mode, root], { input: manifest, encoding: 'utf8' })
}

function files (root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}

describe('the emitters', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'emitters-'))
    for (const folder of ['packages', 'lua-types']) mkdirSync(join(root, folder))
  })

  afterEach(() => {
    rmSync(root, { recursive: true })
  })

  it('write what is expected of every kind of type and member', () => {
    const { status, stderr } = emit('write', root)
    expect(stderr).to.equal('')
    expect(status).to.equal(0)
    // To accept what they write: UPDATE=1 ./test emitters
    if (process.env['UPDATE']) {
      rmSync(expected, { recursive: true, force: true })
      for (const folder of ['packages', 'lua-types']) cpSync(join(root, folder), join(expected, folder), { recursive: true })
    }
    expect(files(root).filter(path => !path.startsWith('test-fixtures/'))).to.deep.equal(files(expected))
    for (const path of files(expected)) {
      expect(readFileSync(join(root, path), 'utf8'), path).to.equal(readFileSync(join(expected, path), 'utf8'))
    }
  })

  it('find nothing to change in what they wrote', () => {
    emit('write', root)
    expect(emit('check', root)).to.include({ status: 0, stdout: '' })
  })

  it('remove what is not described any more, and nothing that was written by hand', () => {
    emit('write', root)
    const manifest = JSON.parse(everyKind)
    manifest.modules = []
    writeFileSync(join(root, 'lua-types/mutex.lua'), '---@meta mutex\n')
    const check = emit('check', root, JSON.stringify(manifest))
    expect(check.status).to.equal(1)
    expect(check.stdout).to.include('lua-types/toy.lua is not generated any more')
      .and.to.include('packages/toy/src/generated/sync.ts is not generated any more')
    emit('write', root, JSON.stringify(manifest))
    expect(existsSync(join(root, 'lua-types/toy.lua'))).to.equal(false)
    expect(existsSync(join(root, 'lua-types/mutex.lua'))).to.equal(true)
  })

  it('refuse a reference to what is not there', () => {
    const { status, stderr } = emit('write', root, everyKind.replace('{@ref take}', '{@ref give}'))
    expect(status).to.equal(1)
    expect(stderr).to.include('toy: {@ref give} names nothing that lua has')
  })

  it('leave out a class of which a language has no member', () => {
    const manifest = JSON.parse(everyKind) as { modules: { classes: { members: { languages?: string[] }[] }[] }[] }
    const write = (): number => {
      expect(emit('write', root, JSON.stringify(manifest)).stderr).to.equal('')
      return files(root).filter(path => path.endsWith('.ts')).length
    }
    const before = write()
    const cls = { name: 'only_lua', doc: 'In Lua.', members: [{ name: 'go', kind: 'method', doc: 'Goes.', languages: ['lua'] }] }
    manifest.modules[0]!.classes.push(cls)
    expect(write()).to.equal(before)
    cls.members[0]!.languages = ['lua', 'typescript']
    expect(write()).to.equal(before + 1)
  })
})
