// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect } from 'chai'

const here = fileURLToPath(new URL('.', import.meta.url))

function load (program: string, environment: Record<string, string>): { code: number | null, err: string } {
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', program],
    { cwd: here, encoding: 'utf8', env: { ...process.env, ...environment } })
  return { code: result.status, err: result.stderr }
}

describe('the loader', function () {
  this.timeout(20_000)
  const program = "import { natives } from '@emilua/native'; natives('time')"
  let folder: string

  before(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-')) })
  after(() => { rmSync(folder, { recursive: true }) })

  it('loads nothing before something is asked of it', () => {
    const { code } = load("import '@emilua/native'", { EMILUA_NATIVE: '/nowhere/emilua.node' })
    expect(code).to.equal(0)
  })

  it('says so when EMILUA_NATIVE names no file', () => {
    const { code, err } = load(program, { EMILUA_NATIVE: '/nowhere/emilua.node' })
    expect(code).to.equal(1)
    expect(err).to.include('EMILUA_NATIVE is /nowhere/emilua.node, but there is no such file.')
  })

  it('says what it tried when the file is no addon', () => {
    const { code, err } = load(program, { EMILUA_NATIVE: join(here, 'loader.test.ts') })
    expect(code).to.equal(1)
    expect(err).to.include('the native core of Emilua does not load').and.to.include('EMILUA_NATIVE names another place')
  })

  it('says what to install or build when there is no addon at all', () => {
    cpSync(join(here, '../dist'), join(folder, 'lonely/dist'), { recursive: true })
    cpSync(join(here, '../package.json'), join(folder, 'lonely/package.json'))
    const from = pathToFileURL(join(folder, 'lonely/dist/index.js')).href
    const { code, err } = load(program.replace('@emilua/native', from), { EMILUA_NATIVE: '' })
    expect(code).to.equal(1)
    expect(err).to.include(`the package @emilua/native-${process.platform}-${process.arch} is not installed, nor published yet`)
    expect(err).to.include('made by a bundler this is needed as well, or mark @emilua/native as external')
    expect(err).to.include('with `setup/build` and let EMILUA_NATIVE name its native-core/build/release/emilua.node')

    const onMac = `Object.defineProperty(process, 'platform', { value: 'darwin' })\nawait import('${from}').then(({ natives }) => natives('time'))`
    expect(load(onMac, { EMILUA_NATIVE: '' }).err).to.include('Emilua runs on Linux only: it has no native core for darwin.')
  })

  it('refuses a second copy of itself by name', () => {
    cpSync(join(here, '../dist'), join(folder, 'copy/dist'), { recursive: true })
    cpSync(join(here, '../package.json'), join(folder, 'copy/package.json'))
    const from = pathToFileURL(join(folder, 'copy/dist/index.js')).href
    const { code, err } = load(`${program}; const other = await import('${from}'); other.natives('time')`, {})
    expect(code).to.equal(1)
    expect(err).to.include('two copies of @emilua/native are loaded').and.to.include(join(folder, 'copy/dist/binding.js'))
  })
})
