// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const executable = process.env['EMILUA'] ?? fileURLToPath(new URL('../../../native-core/build/release/emilua', import.meta.url))

/** What the main program does with its two actors before it ends, by name. */
const ways: Record<string, string> = {
  'that nobody knows': '',
  'that know themselves': 'a:send{ peer = a } b:send{ peer = b }',
  'that know each other': 'a:send{ peer = b } b:send{ peer = a }',
  'of which one knows the other': 'a:send{ peer = b } b:send{}',
  'of which one lies in the inbox of the other': 'a:send{ pass = { b } } a:send{ b }',
  'that the program gave its own address': 'a:send{ peer = inbox } b:send{ peer = inbox }',
  'that have actors of their own': 'a:send{ own = true, peer = b } b:send{ own = true, peer = a }'
}

const program = (way: string, [first, second]: [boolean, boolean]): string => `
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  local a = spawn_vm{ module = '.', inherit_context = ${first} }
  local b = spawn_vm{ module = '.', inherit_context = ${second} }
  ${way}
else
  local ok, m = pcall(inbox.receive, inbox)
  if ok and m.own then
    local own = spawn_vm{ module = '.', inherit_context = false }
    own:send{ peer = m.peer }
    m.child = own
  end
  if ok then kept = m ok, m = pcall(inbox.receive, inbox) end
  if ok and m[1] then kept = m ok, m = pcall(inbox.receive, inbox) end
  print(tostring(m):match('^Channel closed'))
end`

describe('actors of a Lua program that has ended, and wait for what nobody can send', function () {
  this.timeout(30_000)
  let folder: string
  before(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-idle-')) })
  after(() => { rmSync(folder, { recursive: true }) })

  const run = (source: string): { status: number | null, stdout: string, stderr: string } => {
    writeFileSync(join(folder, 'main.lua'), source)
    const { status, stdout, stderr } = spawnSync(executable, ['main.lua'], {
      cwd: folder, encoding: 'utf8', timeout: 10_000, env: { ...process.env, EMILUA_COLORS: '0', EMILUA_SHUFFLE: undefined, LD_PRELOAD: undefined }
    })
    return { status, stdout, stderr }
  }

  const threads: [string, [boolean, boolean]][] = [
    ['on its thread', [true, true]], ['on a thread each', [false, false]], ['on its thread and on another', [true, false]]
  ]
  for (const [name, way] of Object.entries(ways)) {
    for (const [where, inherit] of threads) {
      it(`end by themselves: two ${name}, ${where}`, () => {
        const told = name === 'that have actors of their own' ? 4 : 2
        expect(run(program(way, inherit))).to.deep.equal({ status: 0, stdout: 'Channel closed\n'.repeat(told), stderr: '' })
      })
    }
  }

  it('go on as long as anything can happen', () => {
    expect(run(`
local inbox, time = require 'inbox', require 'time'
if _CONTEXT == 'main' then
  local a = spawn_vm{ module = '.', inherit_context = false }
  a:send{ waits = true }
  spawn_vm{ module = '.', inherit_context = false }:send{ to = a }
else
  local m = inbox:receive()
  if m.to then
    time.sleep(0.2)
    m.to:send('late')
  else
    print(inbox:receive())
  end
end`)).to.deep.equal({ status: 0, stdout: 'late\n', stderr: '' })
  })

  it('hear of an actor in another process that they watch', () => {
    writeFileSync(join(folder, 'child.lua'), "require('time').sleep(0.1)")
    expect(run(`
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  spawn_vm{ module = '.', inherit_context = false }:send('go')
else
  inbox:receive()
  local fs = require 'filesystem'
  local child = spawn_vm{ module = fs.path.new('${folder}/child.lua'), subprocess = {} }
  child:watch('child')
  child = nil
  print(inbox:receive().ended)
end`)).to.include({ status: 0, stdout: 'child\n' })
  })
})
