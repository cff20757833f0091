// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (guide: string): string => readFileSync(join(root, 'docs-site/guides', guide), 'utf8')
const blocks = (text: string, language: string): string[] => [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(match => match[1]!)

describe('the guides to native programs', function () {
  this.timeout(180_000)
  let folder: string
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-native-')) })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  const put = (name: string, text: string): void => { writeFileSync(join(folder, name), text) }
  const shell = (commands: string, more: NodeJS.ProcessEnv = {}): string => execFileSync('sh', ['-e', '-c', commands], {
    cwd: folder, encoding: 'utf8', env: { ...process.env, EMILUA_NO_BUILD: '1', EMILUA_PATH: undefined, EMILUA_SHUFFLE: undefined, PATH: `${root}${delimiter}${process.env['PATH']}`, ...more }
  })

  it('make a plugin that works in both languages, by the files and commands of the page alone', () => {
    const guide = read('write-a-plugin.md')
    const files = [...guide.matchAll(/^`(\S+)`[^\n]*\n\n```\w+[^\n]*\n(.*?)^```$/gms)]
    expect(files.map(([, name]) => name)).deep.equal(['CMakeLists.txt', 'pulse.cpp', 'beat.lua', 'pulse.ts', 'beat.ts'])
    for (const [, name, text] of files) put(name!, text!)
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(join(root, 'node_modules/@emilua'), join(folder, 'node_modules/@emilua'))

    const said = blocks(guide, 'sh').map(commands => shell(commands.replace('/path/to/clone', root)))
    expect(said).length(4)
    expect(said[2]).match(/^1\nfalse\tbeats: Expected one at least\b.*\n1\n2\n3\n7\n$/)
    expect(said[3]).equal('1\n1\n2\n3\n7\n')
  })

  it('make a program in C++ that runs Lua, by CMake and by a compiler alone', () => {
    const guide = read('embedding.md')
    put('embedder.cpp', blocks(guide, 'cpp')[0]!)
    put('main.lua', "print(_CONTEXT, #require('system').arguments)")
    put('CMakeLists.txt', `cmake_minimum_required(VERSION 3.24)\nproject(embedding LANGUAGES CXX)\n${blocks(guide, 'cmake')[0]}`)
    shell(`cmake --install ${root}/native-core/build/release --prefix $PWD/installed`)
    shell('cmake -S . -B build -G Ninja -DCMAKE_PREFIX_PATH=$PWD/installed && cmake --build build')
    expect(shell('build/embedder')).equal('main\t2\n')
    const compile = blocks(guide, 'sh').find(commands => commands.includes('pkg-config'))!
    shell(compile, { PKG_CONFIG_PATH: join(folder, 'installed/lib/pkgconfig') })
    expect(shell('./embedder')).equal('main\t2\n')
  })
})
