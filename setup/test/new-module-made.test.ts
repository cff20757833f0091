// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const commands = join(root, 'native-core/build/release/compile_commands.json')

interface Compilation {
  directory: string
  command: string
  file: string
}

describe('what new-module makes', function () {
  this.timeout(120_000)
  let copy: string

  before(() => {
    copy = realpathSync(mkdtempSync(join(tmpdir(), 'emilua-new-module-')))
    const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    for (const file of files.split('\0').filter(file => /^(native-core|packages|setup|tsconfig|eslint|package\.json|lua-types)/.test(file))) {
      cpSync(join(root, file), join(copy, file), { recursive: true })
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    execFileSync(join(copy, 'native-core/new-module'), ['--no-generate', 'greeting'])
  })

  after(() => { rmSync(copy, { recursive: true }) })

  for (const [file, neighbour] of [
    ['src/modules/greeting/greeting.cpp', 'src/modules/regex/regex.cpp'],
    ['src/modules/greeting/describe.cpp', 'src/modules/regex/describe.cpp'],
    ['test/greeting.cpp', 'test/regex.cpp']
  ] as const) {
    it(`compiles: ${file}`, () => {
      const all = JSON.parse(readFileSync(commands, 'utf8')) as Compilation[]
      const like = all.find(c => c.file.endsWith(`native-core/${neighbour}`))!
      const words = like.command.replaceAll(join(root, 'native-core/'), join(copy, 'native-core/')).replaceAll(neighbour, file)
      const { status, stderr } = spawnSync('sh', ['-c', `${words} -fsyntax-only`], { cwd: like.directory, encoding: 'utf8' })
      expect(stderr).to.equal('')
      expect(status).to.equal(0)
    })
  }

  it('is in step with the lists of packages', () => {
    execFileSync(join(copy, 'setup/packages-in-step'), ['check'], { cwd: copy })
  })

  it('has a package and a test that the linter likes', () => {
    const { status, stdout } = spawnSync('node_modules/.bin/eslint', ['packages/greeting/src', 'packages/greeting/test'], { cwd: copy, encoding: 'utf8' })
    expect(stdout).to.equal('')
    expect(status).to.equal(0)
  })
})
