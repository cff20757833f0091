// SPDX-License-Identifier: MIT OR BSL-1.0
// Going through a tree, and the algebra of paths.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { built, folder, launcher, peer } from '../places.mjs'
import { measure } from '../programs.mjs'

const entries = 60_000
let tree

/** 50 folders with 99 each, and eleven files in all of them. */
function madeTree () {
  if (tree) return tree
  tree = mkdtempSync(join(tmpdir(), 'emilua-benchmark-'))
  process.on('exit', () => rmSync(tree, { recursive: true, force: true }))
  const fill = path => { for (let i = 0; i < 11; i++) writeFileSync(join(path, `file-${i}.txt`), '') }
  for (let i = 0; i < 50; i++) {
    const outer = join(tree, `folder-${i}`)
    mkdirSync(outer)
    fill(outer)
    for (let j = 0; j < 99; j++) {
      const inner = join(outer, `folder-${j}`)
      mkdirSync(inner)
      fill(inner)
    }
  }
  return tree
}

const contender = (name, walk, paths, more) => ({
  name,
  ...more,
  expects: [...walk ? ['walk'] : [], ...paths ? algebra : []],
  open: async () => ({
    async run ({ seconds }) {
      const variables = { BENCHMARK_SECONDS: String(seconds / 2), BENCHMARK_TREE: madeTree(), BENCHMARK_ENTRIES: String(entries) }
      const all = new Map()
      for (const command of [walk, paths].filter(Boolean)) {
        for (const [name, value] of await measure(command, { variables })) all.set(name, value)
      }
      return all
    },
    close: async () => {}
  })
})

const algebra = ['path_join', 'path_normal', 'path_parts', 'path_relative']
const ours = file => [launcher, join(folder, 'files', file)]
const walker = how => [process.execPath, peer('walk.mjs'), how]

export const files = {
  name: 'files',
  rounds: [''],
  table: row => row.measure === 'walk' ? `A tree of ${entries} entries, ms to go through` : 'Paths, operations a second',
  label: row => row.measure,
  contenders: [
    contender('find', walker('find')),
    contender('readdir', walker('readdir')),
    contender('opendir', walker('opendir')),
    contender('std::filesystem', null, [built('paths')]),
    contender('node:path', null, [process.execPath, peer('paths.mjs')]),
    contender('Lua', ours('walk.lua'), ours('paths.lua'), { ours: true, versus: 'find' }),
    contender('TypeScript', ours('walk.ts'), ours('paths.ts'), { ours: true, versus: 'readdir' })
  ]
}
