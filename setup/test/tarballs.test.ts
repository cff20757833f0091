// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const root = fileURLToPath(new URL('../..', import.meta.url))
const path = `${join(root, '.emilua/tools/node_modules/.bin')}:${process.env.PATH}`

type Manifest = { license: string, os: string[], keywords: string[], exports: Record<string, Record<string, string>> }

// What npm would get: pnpm puts the fields of publishConfig in their places.
describe('tarballs of the packages', function () {
  this.timeout(60_000)
  let folder: string
  before(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-pack-')) })
  after(() => rmSync(folder, { recursive: true }))

  for (const name of readdirSync(join(root, 'packages'))) {
    const source = join(root, 'packages', name)
    if (!existsSync(join(source, 'package.json'))) continue

    it(`${name} has its licences, its sources and doors that open`, async () => {
      execFileSync('pnpm', ['pack', '--pack-destination', folder], { cwd: source, env: { ...process.env, PATH: path } })
      const tarball = join(folder, readdirSync(folder).find(file => file.startsWith(`emilua-${name}-`) && /-[\d.]+\.tgz$/.test(file))!)
      const files = execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trim().split('\n').map(file => file.replace(/^package\//, ''))
      const read = (file: string): string => execFileSync('tar', ['xzOf', tarball, `package/${file}`], { encoding: 'utf8', maxBuffer: 1 << 26 })
      expect(files).to.include.members(['README.md', 'LICENSE-MIT', 'LICENSE-BSL', 'bundled/index.js', 'src/index.ts'])

      const { license, os, keywords, exports } = JSON.parse(read('package.json')) as Manifest
      expect({ license, os }).to.deep.equal({ license: 'MIT OR BSL-1.0', os: ['linux'] })
      expect(keywords).to.include('emilua').and.have.length.above(1)
      for (const door of Object.values(exports)) {
        // Not only for import: Node also lets require() load them.
        expect(Object.keys(door)).to.deep.equal(['types', 'default'])
        for (const target of Object.values(door)) expect(files).to.include(normalize(target))
      }
      for (const map of files.filter(file => file.endsWith('.map'))) {
        const { sources, sourcesContent } = JSON.parse(read(map)) as { sources: string[], sourcesContent?: string[] }
        if (!sourcesContent) for (const each of sources) expect(files, map).to.include(join(dirname(map), each))
      }
      for (const file of files.filter(each => each.endsWith('.js'))) {
        const [, map] = /\/\/# sourceMappingURL=(?!data:)(.*)$/m.exec(read(file)) ?? []
        if (map) expect(files, file).to.include(join(dirname(file), map))
      }

      const { messages } = await publint({ pack: { tarball: readFileSync(tarball).buffer as ArrayBuffer } })
      const manifest = JSON.parse(read('package.json')) as Record<string, unknown>
      expect(messages.map(message => formatMessage(message, manifest))).to.deep.equal([])
    })
  }
})
