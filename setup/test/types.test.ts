// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../..', import.meta.url))

// What a program of somebody else sees: its compiler looks into our declarations, too, unless it was told not to.
describe('declarations of the packages', () => {
  for (const [types, whose] of Object.entries({ '@types/node': 'the oldest Node', 'types-node-newest': 'the newest Node' })) it(`compile as the guide Editors sets a project up, each door of each package, with the types of ${whose}`, function () {
    this.timeout(60_000)
    const folder = mkdtempSync(join(tmpdir(), 'emilua-types-'))
    try {
      mkdirSync(join(folder, 'node_modules'))
      symlinkSync(join(root, 'packages'), join(folder, 'node_modules/@emilua'))
      mkdirSync(join(folder, 'node_modules/@types'))
      symlinkSync(realpathSync(join(root, 'node_modules', types)), join(folder, 'node_modules/@types/node'))
      const doors = readdirSync(join(root, 'packages')).filter(name => existsSync(join(root, 'packages', name, 'package.json'))).flatMap(name => {
        const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as { name: string, exports: Record<string, unknown> }
        return Object.keys(manifest.exports).map(door => manifest.name + door.slice(1))
      })
      expect(doors).to.include.members(['@emilua/runtime', '@emilua/stream/node'])
      // Those are for a test framework, whose types a project of its own has.
      const all = doors.filter(door => !door.endsWith('/compliance'))
      writeFileSync(join(folder, 'all.ts'), all.map((door, i) => `export * as door${i} from '${door}'\n`).join(''))
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
      const guide = readFileSync(join(root, 'docs-site/guides/editors.md'), 'utf8')
      const { compilerOptions } = JSON.parse(/```json\n([^`]*"compilerOptions"[^`]*)```/.exec(guide)![1]!) as { compilerOptions: object }
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: true }, files: ['all.ts'] }))
      const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })
      expect(stdout).to.equal('')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
