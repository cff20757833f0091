// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../native-core/new-module', import.meta.url))

function run (...words: string[]) {
  return spawnSync(program, words, { encoding: 'utf8' })
}

describe('new-module', () => {
  it('tells how it is used', () => {
    const { status, stdout } = run('--help')
    expect(status).to.equal(0)
    expect(stdout).to.include('usage: native-core/new-module NAME')
  })

  for (const [what, words, complaint] of [
    ['no name', [], 'usage:'],
    ['two names', ['a', 'b'], 'usage:'],
    ['an option it does not know', ['--fast', 'thing'], 'usage:'],
    ['a name that is no name', ['Thing'], '"Thing" is no name for a module'],
    ['a name of two words', ['some-thing'], '"some-thing" is no name for a module'],
    ['a word of C++', ['class'], '"class" has a meaning already'],
    ['a class of the namespace emilua', ['mailbox'], '"mailbox" has a meaning already'],
    ['a template of it', ['rest'], '"rest" has a meaning already'],
    ['a function of it', ['fail'], '"fail" has a meaning already'],
    ['a module of ours', ['time'], 'native-core/src/modules/time exists already'],
    ['a module of the Lua face', ['mutex'], 'lua-types/mutex.lua exists already'],
    ['a package that is no slice', ['errors'], 'packages/errors exists already']
  ] as const) {
    it(`refuses ${what}`, () => {
      const { status, stderr } = run(...words)
      expect(status).to.equal(2)
      expect(stderr).to.include(complaint)
    })
  }
})
