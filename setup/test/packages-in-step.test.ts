// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const script = fileURLToPath(new URL('../packages-in-step', import.meta.url))

function run (...args: string[]): { status: number | null, out: string } {
  const { status, stdout } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
  return { status, out: stdout }
}

describe('packages-in-step', () => {
  it('finds nothing to change in this tree', () => {
    expect(run('check')).to.deep.equal({ status: 0, out: '' })
  })

  describe('in a tree with a new package', () => {
    let root: string
    const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, unknown>
    const put = (file: string, json: object): void => {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), JSON.stringify(json))
    }

    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), 'emilua-packages-'))
      put('package.json', {
        license: 'L', type: 'module', engines: { node: '>=20' }, repository: { type: 'git', url: 'u' }, bugs: 'b',
        devDependencies: { 'chai': '1', '@emilua/gone': 'workspace:*' }
      })
      put('packages/cli/package.json', { name: '@emilua/cli', dependencies: { 'esbuild': '1', '@emilua/gone': 'workspace:*' }, bin: { emilua: './x' } })
      put('packages/native/package.json', { name: '@emilua/native', sideEffects: false })
      put('packages/thing/package.json', { name: '@emilua/thing', description: 'D.', dependencies: { '@emilua/native': 'workspace:*' } })
      put('plugins/p/package.json', { name: 'p', dependencies: { '@emilua/native': 'workspace:*' } })
      mkdirSync(join(root, 'plugins/p/src'))
    })
    afterEach(() => { rmSync(root, { recursive: true }) })

    it('says what is missing, and changes nothing', () => {
      const { status, out } = run('check', root)
      expect(status).to.equal(1)
      expect(out).to.include('packages/thing/tsconfig.json is not in step').and.include('packages/cli/package.json')
      expect(run('check', root)).to.deep.equal({ status, out })
    })

    it('adds it to every list, and then has nothing more to do', () => {
      expect(run('write', root).status).to.equal(0)
      expect(run('check', root)).to.deep.equal({ status: 0, out: '' })
      expect(run('write', root)).to.deep.equal({ status: 0, out: '' })
      expect(read('package.json').devDependencies).to.deep.equal({
        '@emilua/cli': 'workspace:*', '@emilua/native': 'workspace:*', '@emilua/thing': 'workspace:*', 'chai': '1'
      })
      expect(read('packages/cli/package.json').dependencies).to.deep.equal({
        '@emilua/native': 'workspace:*', '@emilua/thing': 'workspace:*', 'esbuild': '1'
      })
      const references = (file: string): unknown => read(file).references
      expect(references('tsconfig.json')).to.deep.equal(['packages/cli', 'packages/native', 'packages/thing', 'plugins/p'].map(path => ({ path })))
      expect(references('packages/cli/tsconfig.json')).to.deep.equal([{ path: '../native' }, { path: '../thing' }])
      expect(references('packages/thing/tsconfig.json')).to.deep.equal([{ path: '../native' }])
      expect(references('packages/native/tsconfig.json')).to.equal(undefined)
      expect(references('plugins/p/tsconfig.json')).to.deep.equal([{ path: '../../packages/native' }])
    })

    it('gives it what all packages have, and keeps what it says itself', () => {
      run('write', root)
      expect(read('packages/thing/package.json')).to.deep.equal({
        name: '@emilua/thing', version: '0.1.0', description: 'D.', keywords: ['emilua'], license: 'L',
        repository: { type: 'git', url: 'u', directory: 'packages/thing' }, bugs: 'b', type: 'module', sideEffects: true, engines: { node: '>=20' },
        exports: { '.': { types: './dist/index.d.ts', bundled: './bundled/index.js', default: './dist/index.js' } },
        publishConfig: { access: 'public', exports: { '.': { types: './dist/index.d.ts', default: './bundled/index.js' } } },
        files: ['bundled', 'dist/**/*.d.ts', 'dist/**/*.d.ts.map', 'src', 'LICENSE-*', 'README.md'], dependencies: { '@emilua/native': 'workspace:*' }
      })
      expect(read('packages/native/package.json').sideEffects).to.equal(false)
      expect(read('packages/cli/package.json').bin).to.deep.equal({ emilua: './x' })
    })

    it('wants to be told what to do', () => {
      expect(run('writ', root).status).to.equal(2)
    })
  })
})
