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

let folder: string
before(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-idle-')) })
after(() => { rmSync(folder, { recursive: true }) })

const run = (source: string): { status: number | null, stdout: string, stderr: string } => {
  writeFileSync(join(folder, 'main.lua'), source)
  const { status, stdout, stderr } = spawnSync(executable, ['main.lua'], {
    cwd: folder, encoding: 'utf8', timeout: 50_000, env: { ...process.env, EMILUA_COLORS: '0', EMILUA_SHUFFLE: undefined, LD_PRELOAD: undefined }
  })
  return { status, stdout, stderr }
}

const threads: [string, [boolean, boolean]][] = [
  ['on its thread', [true, true]], ['on a thread each', [false, false]], ['on its thread and on another', [true, false]]
]

describe('actors of a Lua program that has ended, and wait for what nobody can send', function () {
  this.timeout(60_000)

  for (const [name, way] of Object.entries(ways)) {
    for (const [where, inherit] of threads) {
      it(`end by themselves: two ${name}, ${where}`, () => {
        const told = name === 'that have actors of their own' ? 4 : 2
        expect(run(program(way, inherit))).to.deep.equal({ status: 0, stdout: 'Channel closed\n'.repeat(told), stderr: '' })
      })
    }
  }

  it('are told what they wait for where no message would help', () => {
    for (const inherit of [true, false]) {
      const { status, stdout, stderr } = run(`
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  local a = spawn_vm{ module = '.', inherit_context = ${inherit} }
  local b = spawn_vm{ module = '.', inherit_context = ${inherit} }
  a:send(b) b:send(a)
else
  local other = inbox:receive()
  inbox:close()
  other:closed()
end`)
      expect(stderr).to.match(/^VM 0x\w+ \(.*\): every fiber waits for something that cannot come\nFiber \d+ waits in closed\n/)
      expect(stderr.match(/every fiber/g)!.length).to.be.within(1, 2)
      // The other has asked for its end, and so has seen its failure.
      expect({ status, stdout }).to.deep.equal({ status: 0, stdout: '' })
    }
  })

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

describe('a Lua program that waits for a message, as all do that could send it', function () {
  this.timeout(60_000)

  const circle = (way: string, [first, second]: [boolean, boolean], then: string): string => `
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  local a = spawn_vm{ module = '.', inherit_context = ${first} }
  local b = spawn_vm{ module = '.', inherit_context = ${second} }
  ${way}
  ${then}
else
  local known = {}
  while true do
    local m = inbox:receive()
    if m.stop then break end
    if m.answer then m.answer:send('answered') else known[#known + 1] = m end
  end
  print('stopped')
end`
  const circles = {
    'it alone': 'a:send{ peer = inbox } b:send{ peer = inbox }',
    'it and each other': 'a:send{ peer = inbox } b:send{ peer = inbox } a:send{ peer = b } b:send{ peer = a }',
    'it by another': 'a:send{ peer = b } b:send{ peer = inbox }'
  }

  for (const [name, way] of Object.entries(circles)) {
    for (const [where, inherit] of threads) {
      it(`is told so: two know ${name}, ${where}`, () => {
        const { status, stdout, stderr } = run(circle(way, inherit, 'inbox:receive()'))
        expect(stderr).to.match(/^Main fiber from VM 0x\w+ panicked: 'Channel closed: all that could send to this inbox wait for messages, too \[emilua:\d+\]'\nstack traceback:\n(.*\n)*?\tmain.lua:7: in main chunk\n$/)
        expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' })
      })

      it(`can go on, and wait again: two know ${name}, ${where}`, () => {
        expect(run(circle(way, inherit, `
          for _ = 1, 2 do print((pcall(inbox.receive, inbox))) end
          a:send{ answer = inbox } print(inbox:receive())
          a:send{ stop = true } b:send{ stop = true }
        `))).to.deep.equal({ status: 0, stdout: 'false\nfalse\nanswered\nstopped\nstopped\n', stderr: '' })
      })
    }
  }

  it('sees actors end that it waits for, and that wait for messages', () => {
    for (const [, inherit] of threads)
      expect(run(circle('', inherit, 'print(a:closed(), b:closed())'))).to.deep.equal({ status: 0, stdout: 'ended\tended\n', stderr: '' })
  })

  it('is told what it waits for where messages have nothing to do with it', () => {
    for (const inherit of [true, false]) {
      const { status, stdout, stderr } = run(`
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  local a = spawn_vm{ module = '.', inherit_context = ${inherit} }
  local b = spawn_vm{ module = '.', inherit_context = ${inherit} }
  a:send(b) b:send(a)
  a:closed()
else
  local other = inbox:receive()
  inbox:close()
  other:closed()
end`)
      expect(stderr).to.match(/^VM 0x\w+: every fiber waits for something that cannot come\nFiber \d+ waits in closed\n/)
      expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' })
    }
  })

  it('waits as long as anybody has something else to do', () => {
    expect(run(`
local inbox, time = require 'inbox', require 'time'
if _CONTEXT == 'main' then
  local a = spawn_vm{ module = '.', inherit_context = false }
  local b = spawn_vm{ module = '.', inherit_context = true }
  b:send{ peer = inbox } a:send{ peer = b }
  for _, m in ipairs{ 'late', 'later' } do
    a:send(m)
    print(inbox:receive())
  end
  print((pcall(inbox.receive, inbox)))
else
  local peer = inbox:receive().peer
  while true do
    local m = inbox:receive()
    time.sleep(0.1)
    peer:send(m)
  end
end`)).to.deep.equal({ status: 0, stdout: 'late\nlater\nfalse\n', stderr: '' })
  })

  it('waits for what comes from another process', () => {
    writeFileSync(join(folder, 'child.lua'), "local to = require('inbox'):receive() require('time').sleep(0.2) to:send('from elsewhere')")
    expect(run(`
local inbox, fs = require 'inbox', require 'filesystem'
if _CONTEXT == 'main' then
  local a = spawn_vm{ module = '.', inherit_context = false }
  a:send(inbox)
  print(inbox:receive())
  print((pcall(inbox.receive, inbox)))
else
  local to = inbox:receive()
  spawn_vm{ module = fs.path.new('${folder}/child.lua'), subprocess = {} }:send(inbox)
  to:send(inbox:receive())
  inbox:receive()
end`)).to.deep.equal({ status: 0, stdout: 'from elsewhere\nfalse\n', stderr: '' })
  })
})
