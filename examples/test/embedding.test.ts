// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../..', import.meta.url))
const embedding = join(root, 'examples/embedding')
const program = join(embedding, 'lua/embedded.lua')
const lua = join(embedding, 'lua/shop.lua')
const hasCcache = spawnSync('ccache', ['--version']).status === 0
const env = { ...process.env, EMILUA_PATH: undefined, EMILUA_SHUFFLE: undefined, LD_PRELOAD: undefined }

/** What examples/embedding/lua/embedded.lua prints, run by examples/embedding/embedder.cpp. */
const printed = [
  'embedder\tmain\tin memory\thello', '1', '/', 'from a worker', 'from a worker', 'from a process', '5 ticks, exit code 3', ''
].join('\n')

describe('programs in C++ with an installed library', function () {
  this.timeout(120_000)
  let folder: string

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'emilua-embedding-'))
    execFileSync('cmake', ['--install', join(root, 'native-core/build/release'), '--prefix', join(folder, 'installed')])
  })
  after(() => rmSync(folder, { recursive: true }))

  function run (command: string, ...args: string[]) {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env })
    return { status, stdout, stderr }
  }

  it('have headers, libraries, the command and the licences of all that is inside', () => {
    for (const file of ['bin/emilua', 'include/emilua/state.hpp', 'lib/libemilua.a', 'lib/libemilua-main.a', 'lib/pkgconfig/emilua.pc',
      'lib/cmake/emilua/emilua-config.cmake', 'lib/emilua-0.11/libemilua-openssl.so', 'share/doc/emilua/third-party-licences.txt'])
      expect(existsSync(join(folder, 'installed', file)), file).equal(true)
    expect(run(join(folder, 'installed/bin/emilua'), '--version').stdout).match(/^emilua \d/)
  })

  it('are built by CMake: one with an io_context of its own, and a command with modules of its own', () => {
    const build = join(folder, 'build')
    const launcher = hasCcache ? ['-DCMAKE_CXX_COMPILER_LAUNCHER=ccache'] : []
    execFileSync('cmake', ['-S', embedding, '-B', build, '-G', 'Ninja', `-DCMAKE_PREFIX_PATH=${join(folder, 'installed')}`, ...launcher])
    execFileSync('cmake', ['--build', build])
    expect(run(join(build, 'embedder'), program, 'hello')).deep.equal({ status: 3, stdout: printed, stderr: '' })

    const sold = { status: 0, stdout: '12.5\t375\tSold out\n', stderr: '' }
    expect(run(join(build, 'command'), lua)).deep.equal(sold)
    expect(run(join(build, 'command'), '--bundle', lua, '-o', 'shop')).deep.equal({ status: 0, stdout: '', stderr: '' })
    expect(run('./shop')).deep.equal(sold)
  })

  it('are built by a compiler alone, with what pkg-config says', () => {
    const config = { ...env, PKG_CONFIG_PATH: join(folder, 'installed/lib/pkgconfig') }
    const flags = (what: string, name: string) => execFileSync('pkg-config', [what, name], { encoding: 'utf8', env: config }).trim()
    const compile = (source: string, name: string): void => {
      const words = `${hasCcache ? 'ccache ' : ''}g++ -c -o ${name}.o ${join(embedding, source)} ${flags('--cflags', name)}`
      execFileSync('sh', ['-c', `${words} && g++ -o ${name} ${name}.o ${flags('--libs', name)}`], { cwd: folder, stdio: ['ignore', 'inherit', 'pipe'] })
    }
    compile('embedder.cpp', 'emilua')
    expect(run('./emilua', program, 'hello')).deep.equal({ status: 3, stdout: printed, stderr: '' })
    compile('command.cpp', 'emilua-main')
    expect(run('./emilua-main', lua).stdout).equal('12.5\t375\tSold out\n')
  })
})
