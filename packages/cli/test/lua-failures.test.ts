// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const executable = fileURLToPath(new URL('../../../native-core/build/release/emilua', import.meta.url))

describe('failures in Lua that nobody handled', () => {
  let folder: string
  before(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-')) })
  after(() => { rmSync(folder, { recursive: true }) })

  // Addresses differ from run to run, and so does the folder.
  function run (source: string, env: Record<string, string> = {}) {
    writeFileSync(join(folder, 'p.lua'), source)
    const { status, stdout, stderr } = spawnSync(executable, ['p.lua'], {
      encoding: 'utf8', cwd: folder, timeout: 10_000, env: { PATH: process.env['PATH'], EMILUA_COLORS: '0', ...env }
    })
    return { status, stdout, stderr: stderr.replaceAll(/0x[0-9a-f]+/g, '0x…') }
  }

  const held = `
    held = spawn(function () error('on purpose', 0) end)
    print('serving')
    require('time').sleep(0.01)
    print('on')`

  it('are reported in the turn in which they happen, also while somebody holds the fiber', () => {
    expect(run(`${held}\nlocal ffi = require 'ffi'\nffi.cdef 'void _exit(int);'\nffi.C._exit(5)`)).to.deep.include({
      status: 5,
      stderr: "Fiber 0x… panicked: 'on purpose'\nstack traceback:\n\t[C]: in function 'error'\n\tp.lua:2: in function <p.lua:2>\n"
    })
  })

  it('make the exit status 1', () => {
    expect(run(held)).to.include({ status: 1, stdout: 'serving\non\n' })
    expect(run("spawn(function () error('x') end)").status).to.equal(1)
  })

  it('leave a status that the program gave', () => {
    expect(run(`${held}\nrequire('system').exit(0)`).status).to.equal(0)
  })

  it('are reported once, and raised by a later join all the same, after which they count as handled', () => {
    const { status, stdout, stderr } = run(`${held}\nprint(pcall(held.join, held))`)
    expect({ status, stdout }).to.deep.equal({ status: 0, stdout: 'serving\non\nfalse\ton purpose\n' })
    expect(stderr.match(/panicked/g)).to.have.length(1)
  })

  it('are not reported when a fiber that already waits joins', () => {
    expect(run('print(pcall(function () spawn(function () error("x", 0) end):join() end))')).to.deep.equal({ status: 0, stdout: 'false\tx\n', stderr: '' })
  })

  it('end the process at once with EMILUA_PANIC=exit', () => {
    const { status, stdout, stderr } = run(held, { EMILUA_PANIC: 'exit' })
    expect({ status, stdout }).to.deep.equal({ status: 1, stdout: 'serving\n' })
    expect(stderr).to.contain('on purpose')
    const actor = `if _CONTEXT == 'main' then
        spawn_vm{ module = '.', inherit_context = false }
        require('inbox'):receive()
      else error('in an actor') end`
    expect(run(actor, { EMILUA_PANIC: 'exit' })).to.include({ status: 1 })
    expect(run('', { EMILUA_PANIC: 'yes' }).status).to.equal(2)
  })

  it('have the line of the top frame, and no frame of the runtime', () => {
    const { stderr } = run('local function f (t)\n  return t.x.y\nend\nlocal function g ()\n  local r = f({})\n  return r\nend\npcall(error)\nscope(function ()\n  local r = g()\nend)')
    expect(stderr).to.equal(`Main fiber from VM 0x… panicked: 'p.lua:2: attempt to index field 'x' (a nil value)'
stack traceback:
\t[C]: in function 'scope'
\tp.lua:9: in main chunk
where it came from, stack traceback:
\tp.lua:2: in function 'f'
\tp.lua:5: in function 'g'
\tp.lua:10: in function <p.lua:9>
\t[C]: in function 'scope'
\tp.lua:9: in main chunk
`)
  })

  it('say where a fiber failed that was joined, through several of them and through coroutines', () => {
    const { stderr } = run(`local function bad () error({}) end
local a = spawn(function () coroutine.wrap(function () bad() end)() end)
spawn(function () a:join() end):join()`)
    expect(stderr).to.match(/join'\n\tp.lua:3: in main chunk\nwhere it came from, .*\n\t.*join'\n\tp.lua:3: in function <p.lua:3>\nwhere it came from, /)
    expect(stderr).to.match(/in function 'error'\n\tp.lua:1: in function 'bad'\n\tp.lua:2: in function <p.lua:2>\n/)
  })

  it('show what __tostring of an error says, and one that fails as what it is', () => {
    const raise = (tostring: string) => run(`error(setmetatable({}, { __tostring = function (e) ${tostring} end }))`).stderr
    expect(raise("return 'what I say'")).to.match(/^Main fiber from VM 0x… panicked: 'what I say'\n/)
    for (const bad of ["error('again')", 'this_fiber.yield()', 'return 5 == 5']) {
      expect(raise(bad)).to.match(/panicked: '\(error object is a table value\)'\n/)
    }
  })

  it('are none when an actor waits for messages that nobody can send any more', () => {
    expect(run(`local inbox = require 'inbox'
if _CONTEXT == 'main' then
  for _ = 1, 2 do
    local actor = spawn_vm('.')
    actor:send('work')
  end
else
  local time = require 'time'
  spawn(function () time.sleep(0.01) print('other fibers finish') end)
  while true do print(inbox:receive()) end
end`)).to.deep.equal({ status: 0, stdout: 'work\nwork\nother fibers finish\nother fibers finish\n', stderr: '' })
    expect(run(`local inbox = require 'inbox'
if _CONTEXT == 'main' then spawn_vm('.'):send{ to = inbox } else
  local to = inbox:receive().to
  pcall(inbox.receive, inbox)
  require('time').sleep(0.01)
  to:send('x')
end`).stderr).to.match(/panicked: 'Channel closed/)
  })

  it('are those of finalizers, too', () => {
    const { status, stdout, stderr } = run(`local ffi = require 'ffi'
ffi.gc(ffi.new('char[1]'), function () error('in a finalizer', 0) end)
collectgarbage()
print('on')`)
    expect({ status, stdout, stderr }).to.deep.equal({ status: 1, stdout: 'on\n', stderr: "Finalizer in VM 0x… panicked: 'in a finalizer'\n" })
  })
})
