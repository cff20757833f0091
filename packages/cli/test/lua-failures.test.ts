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
      stderr: "Fiber 0x… (p.lua:2) panicked: 'on purpose'\nstack traceback:\n\t[C]: in function 'error'\n\tp.lua:2: in function <p.lua:2>\n"
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

  it('show it of a fiber that nobody joins, too', () => {
    const { stderr } = run("spawn(function () error(setmetatable({ what = 'in a fiber' }, { __tostring = function (e) return 'problem: ' .. e.what end })) end)")
    expect(stderr).to.match(/^Fiber 0x… \(p\.lua:1\) panicked: 'problem: in a fiber'\n/)
  })

  it('show the fields of a table that says nothing itself, of main fibers and others', () => {
    const table = `{ code = 5, message = 'no "luck"\\n', [7] = true, 'first', ['a b'] = 1,
      inner = { 1, { 2 } }, cause = select(2, pcall(require('ip').tcp.dial, '127.0.0.1:1')) }`
    const shown = '{"first", [7] = true, ["a b"] = 1, cause = connect ECONNREFUSED 127.0.0.1:1, code = 5, ' +
      'inner = {1, {…}}, message = "no \\"luck\\"\\n"}'
    expect(run(`error(${table})`).stderr.split('\n')[0]).to.match(/^Main fiber/).and.contain(` panicked: '${shown}'`)
    expect(run(`local e = ${table}\nspawn(function () error(e) end)`).stderr.split('\n')[0]).to.match(/^Fiber/).and.contain(` panicked: '${shown}'`)
    const first = (source: string) => run(source).stderr.split('\n')[0]
    expect(first('local t = {} for i = 1, 40 do t[i] = i end error(t)')).to.contain(", 16, …}'")
    expect(first('local t = {} for i = 1, 1e6 do t[i] = { i } end error({ t })')).to.contain("'{{{…}, {…}, ").and.contain(", …}}'")
    expect(first("error{ text = ('x'):rep(1000) }")).to.contain(`${'x'.repeat(200)}"…}'`)
    expect(first('local t = {} t.me = t error(t)')).to.contain("'{me = {me = {…}}}'")
    expect(first('error({})')).to.contain("'(error object is a table value)'")
    expect(first('error(false)')).to.contain("'(error object is false)'")
    expect(first('error()')).to.contain("'(error object is a nil value)'")
  })

  it('tell the cause of an error that shows itself', () => {
    const raise = (cause: string) => run(`local say = { __tostring = function (e) return e.text end }
      error(setmetatable({ text = 'cannot serve', cause = ${cause} }, say))`).stderr.split('\n')[0]
    expect(raise("select(2, pcall(require('ip').tcp.dial, '127.0.0.1:1'))")).to.contain("'cannot serve (cause: connect ECONNREFUSED 127.0.0.1:1 [system:111])'")
    expect(raise("setmetatable({ text = 'no disk', cause = 'full' }, say)")).to.contain("'cannot serve (cause: no disk (cause: full))'")
    expect(raise('nil')).to.contain("'cannot serve'")
  })

  it('say which name it was that a module does not have', () => {
    const { stderr } = run("local time = require 'time'\nlocal function nap ()\n  time.slep(1)\nend\nnap()")
    expect(stderr).to.contain("'p.lua:3: attempt to call field 'slep' (a nil value): module time has no member 'slep'; is it 'sleep' that is meant?'")
    expect(stderr).to.contain("\tp.lua:3: in function 'nap'\n\tp.lua:5: in main chunk\n")
  })

  it('say where a task failed, and which modules a module that fails is inside of', () => {
    for (const call of ['task_group(function (group) group:spawn(function () f() end) end)', 'timeout(5, function () f() end)', 'race{ function () f() end }']) {
      expect(run(`local ip = require 'ip'\nlocal function f ()\n  ip.tcp.dial('127.0.0.1:1')\nend\nrequire('runtime').${call}`).stderr, call)
        .to.match(/in function '(task_group|timeout|race)'\n\tp.lua:5: in main chunk\nwhere it came from, stack traceback:\n\t\[C\]: in function 'dial'\n\tp.lua:3: in function 'f'\n/)
    }
    writeFileSync(join(folder, 'outer.lua'), "\nrequire '../inner'")
    writeFileSync(join(folder, 'inner.lua'), "\n\nerror 'on purpose'")
    expect(run("require './outer'").stderr).to.match(/\.\/inner.lua:3: on purpose'\n(.*\n)*\tp.lua:1: .*\n(.*\n)*\t.\/outer.lua:2: .*\n(.*\n)*\t.\/inner.lua:3: in main chunk\n/)
  })

  it('have no traceback where there is nothing to trace', () => {
    expect(run('local = 1').stderr).to.match(/^Main fiber .*\n$/)
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

  it('are none when nobody reads standard output any more, as in `| head -1`', () => {
    const write = "local stream, system = require 'stream', require 'system'\n"
    for (const source of ["while true do print('y') end", `${write}while true do stream.write_all(system.out, 'y\\n') end`]) {
      writeFileSync(join(folder, 'yes.lua'), source)
      const script = '"$0" yes.lua | head -1; echo "${PIPESTATUS[0]}"'
      const { stdout, stderr } = spawnSync('bash', ['-c', script, executable], { encoding: 'utf8', cwd: folder, timeout: 10_000, env: { ...process.env, EMILUA_SHUFFLE: undefined } })
      expect({ stdout, stderr }, source).to.deep.equal({ stdout: 'y\n141\n', stderr: '' })
    }
  })

  it('are told of a pipe that is not standard output', () => {
    const { status, stderr } = run(`local pipe, stream = require 'pipe', require 'stream'
local reader, writer = pipe.pair()
reader:close()
stream.write_all(writer, 'y')`)
    expect(status).to.equal(1)
    expect(stderr).to.contain("panicked: 'write: Broken pipe")
  })

  it('name what the program called where every fiber waits for what cannot come, also in a module that is Lua', () => {
    const { status, stderr } = run(`local runtime, future = require 'runtime', require 'future'
local queue, semaphore = runtime.queue.new(1), runtime.semaphore.new(0)
spawn(function ()
  queue:receive()
end)
spawn(function () semaphore:acquire() end)
local promise, never = future.new()
spawn(function () never:get() end)
runtime.timeout(math.huge, function ()
  for item in queue:items() do print(item) end
end)
print(promise)`)
    expect(status).to.equal(1)
    const waits = [...stderr.matchAll(/waits in (.*)\n(?:stack traceback:\n((?:\t.*\n)*))?/g)].map(([, what, trace]) => `${what} ${/p\.lua:\d+/.exec(trace ?? '')}`)
    expect(waits.sort()).to.deep.equal(['future:get() p.lua:8', 'queue:receive() p.lua:4', 'semaphore:acquire() p.lua:6', 'timeout() p.lua:9', 'the step of a loop p.lua:10'].sort())
  })

  it('are those of finalizers, too', () => {
    const { status, stdout, stderr } = run(`local ffi = require 'ffi'
ffi.gc(ffi.new('char[1]'), function () error('in a finalizer', 0) end)
collectgarbage()
print('on')`)
    expect({ status, stdout, stderr }).to.deep.equal({ status: 1, stdout: 'on\n', stderr: "Finalizer in VM 0x… panicked: 'in a finalizer'\n" })
  })
})
