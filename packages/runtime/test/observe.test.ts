// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFile, spawn as start, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vms, type ObservedFiber, type ObservedVm } from '@emilua/runtime'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const executable = join(root, 'native-core/build/release/emilua')
const env = { ...process.env, EMILUA_SHUFFLE: undefined, LD_PRELOAD: undefined, EMILUA_OBSERVE: undefined }

interface Outcome { code: number, stdout: string, stderr: string }

function command (words: string[], options: object = {}): Promise<Outcome> {
  return new Promise(resolve => {
    execFile(executable, words, { env, maxBuffer: 2 ** 28, ...options }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout: String(stdout), stderr: String(stderr) })
    })
  })
}

/** What `--json` has of a VM: the names that Lua has. */
interface Seen extends Omit<ObservedVm, 'fibers'> { fibers: SeenFiber[] }
interface SeenFiber extends ObservedFiber { is_main: boolean, waits_for?: string, waits_for_fiber?: string, in_function?: string }

async function look (pid: number): Promise<Seen[]> {
  const { code, stdout, stderr } = await command(['--fibers', String(pid), '--json'])
  expect(stderr).equal('')
  expect(code).equal(0)
  const seen = JSON.parse(stdout) as { pid: number, vms: Seen[] }
  expect(seen.pid).equal(pid)
  return seen.vms
}

/** The only one that is so. */
function one<T> (all: T[], is: (item: T) => boolean): T {
  const found = all.filter(is)
  expect(found, JSON.stringify(all)).lengthOf(1)
  return found[0]!
}

const main = ({ is_main }: SeenFiber): boolean => is_main

describe('observation', function () {
  this.timeout(30_000)
  let folder: string
  let children: ChildProcess[]

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'emilua-observe-'))
    children = []
  })
  afterEach(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true })
  })

  /** Runs a program that prints a line when it can be looked at. */
  async function running (text: string, name = 'program.lua', more: NodeJS.ProcessEnv = {}): Promise<ChildProcess & { pid: number }> {
    const path = join(folder, name)
    writeFileSync(path, text)
    const [file, words] = name.endsWith('.lua')
      ? [executable, [path]]
      : [process.execPath, [join(root, 'packages/cli/dist/main.js'), path]]
    // An addon with a sanitizer is loaded by a Node that has its library already.
    const preload = name.endsWith('.lua') ? undefined : process.env.LD_PRELOAD
    const child = start(file, words, { env: { ...env, LD_PRELOAD: preload, ...more }, stdio: ['pipe', 'pipe', 'inherit'] })
    children.push(child)
    await once(child.stdout!, 'data')
    return child as ChildProcess & { pid: number }
  }

  const program = (name = 'program.lua'): string => join(folder, name)

  it('tells of the fibers of Lua what each waits for, where, and how long', async () => {
    const { pid } = await running(`local ip = require 'ip'
local mutex = require 'mutex'
local time = require 'time'
local acceptor = ip.tcp.listen('127.0.0.1:0')
local lock = mutex.new()
local sleeper = spawn(function () lock:lock() print('ready') time.sleep(1000) end)
local waiting = spawn(function () lock:lock() end)
local function serve () local socket = acceptor:accept() return socket end
spawn(function () sleeper:join() end):detach()
spawn(function () local s = serve() end):detach()
require('future').new()
require('runtime').queue.new(1):receive()
`)
    // It prints before its turn is over.
    let seen: Seen[]
    do seen = await look(pid)
    while (seen[0]!.state === 'running')
    const [vm, ...others] = seen
    expect(others).deep.equal([])
    expect(vm).include({ language: 'lua', role: 'main', state: 'waiting', messages: 0, program: program() })
    expect(vm!.fibers).lengthOf(5)
    const at = (line: number): SeenFiber => one(vm!.fibers, f => f.where === `${program()}:${line}`)
    expect(one(vm!.fibers, main)).include({ state: 'waiting', waits_for: 'queue:receive()', where: `${program()}:12`, in_function: 'main chunk' })
    const sleeper = at(6)
    expect(sleeper).include({ state: 'waiting', waits_for: 'sleep()', is_main: false, canceled: false })
    expect(at(7)).include({ waits_for: 'mutex:lock()', waits_for_fiber: sleeper.id })
    expect(at(8)).include({ waits_for: 'tcp.acceptor:accept()', in_function: 'serve' })
    expect(at(9)).include({ waits_for: 'fiber:join()', waits_for_fiber: sleeper.id })
    for (const fiber of vm!.fibers) expect(fiber.seconds).within(0, 20)
    const [later] = await look(pid)
    expect(one(later!.fibers, f => f.id === sleeper.id).seconds).above(sleeper.seconds!)
  })

  it('tells of actors, and of the messages that they have not taken', async () => {
    const { pid } = await running(`if _CONTEXT == 'main' then
  local idle, busy = spawn_vm('.'), spawn_vm{ module = '.', inherit_context = false }
  for i = 1, 3 do idle:send('sleep') end
  busy:send('receive')
  for i = 1, 5 do this_fiber.yield() end
  print('ready')
  require('time').sleep(1000)
else
  local inbox = require 'inbox'
  if inbox:receive() == 'sleep' then require('time').sleep(1000) end
  inbox:receive()
end
`)
    let seen: Seen[]
    do seen = await look(pid)
    while (seen.length < 3 || !seen.some(({ messages }) => messages === 2))
    expect(seen.map(({ role }) => role).sort()).deep.equal(['main', 'worker', 'worker'])
    const sleeping = one(seen, ({ messages, role }) => role === 'worker' && messages === 2)
    expect(one(sleeping.fibers, main)).include({ waits_for: 'sleep()', where: `${program()}:10` })
  })

  it('shows a VM in an endless loop as running, where, and those that wait beside it', async () => {
    const { pid } = await running(`local time = require 'time'
spawn(function () time.sleep(1000) end):detach()
this_fiber.yield()
print('ready')
time.sleep(0.01)
local n = 0
while true do
  n = n + 1
end
`)
    let vm: Seen
    do [vm] = await look(pid) as [Seen]
    while (vm.state !== 'running' || vm.seconds! < 0.05)
    const spinning = one(vm.fibers, main)
    expect(spinning.state).equal('running')
    expect(spinning.where).match(new RegExp(`^${program()}:(7|8|9)$`))
    expect(one(vm.fibers, f => !f.is_main)).include({ state: 'waiting', waits_for: 'sleep()', where: `${program()}:2` })
    const { stdout } = await command(['--fibers', String(pid)])
    expect(stdout).match(/: runs, for /)
  })

  it('shows a thousand fibers, those in one place as one in the tree', async () => {
    const { pid } = await running(`local time = require 'time'
for i = 1, 1000 do spawn(function () time.sleep(1000) end):detach() end
this_fiber.yield()
print('ready')
time.sleep(1000)
`)
    const [vm] = await look(pid)
    expect(vm!.fibers.filter(f => f.waits_for === 'sleep()' && f.where === `${program()}:2`)).lengthOf(1000)
    const { stdout } = await command(['--fibers', String(pid)])
    const lines = stdout.trimEnd().split('\n')
    expect(lines).lengthOf(5)
    expect(lines[0]).equal(`process ${pid}: ${executable} ${program()}`)
    expect(lines[1]).match(/^VM 0x[0-9a-f]+, Lua, main, .*program\.lua: waits, for /)
    expect(lines[2]).match(/^ {3}├─ +\S+ m?s {2}fiber 1 \(main\): sleep\(\) {2}.*program\.lua:5 in main chunk$/)
    expect(lines[3]).match(/^ {3}├─ +\S+ m?s {2}fiber 2: sleep\(\) {2}.*program\.lua:2$/)
    expect(lines[4]).match(/^ {3}└─ +and 999 more there, \S+ m?s to \S+ m?s$/)
  })

  it('puts under a fiber what it waits for, and ends with those that wait for each other', async () => {
    const { pid } = await running(`local mutex = require 'mutex'
local time = require 'time'
local a, b = mutex.new(), mutex.new()
local inner = spawn(function () time.sleep(1000) end)
local outer = spawn(function () inner:join() end)
spawn(function () a:lock() this_fiber.yield() b:lock() end):detach()
spawn(function () b:lock() this_fiber.yield() a:lock() end):detach()
for i = 1, 5 do this_fiber.yield() end
print('ready')
outer:join()
`)
    const { stdout } = await command(['--fibers', String(pid)])
    const shape = stdout.split('\n').slice(2, -1).map(line => line.replace(/ +\S+ m?s {2}/, ' ').replace(/: .*/, ''))
    expect(shape).deep.equal([
      '   ├─ fiber 1 (main)', '   │  └─ fiber 3', '   │     └─ fiber 2', '   └─ fiber 4', '      └─ fiber 5'
    ])
  })

  it('shows those that wait for one mutex as one, and of a long chain the beginning', async () => {
    const { pid } = await running(`local mutex = require 'mutex'
local time = require 'time'
local lock = mutex.new()
lock:lock()
for i = 1, 50 do spawn(function () lock:lock() end):detach() end
local last = spawn(function () time.sleep(1000) end)
for i = 1, 50 do
  local before = last
  last = spawn(function () before:join() end)
end
for i = 1, 5 do this_fiber.yield() end
print('ready')
time.sleep(1000)
`)
    const { stdout } = await command(['--fibers', String(pid)])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.filter(line => line.includes('mutex:lock() of fiber 1'))).lengthOf(1)
    expect(lines[2]).match(/^ {3}├─ .* fiber 1 \(main\): sleep\(\)/)
    expect(stdout).match(/^ {3}├─ +and 49 more there, /m)
    expect(lines.filter(line => line.includes('fiber:join() of fiber'))).lengthOf(20)
    expect(lines.at(-1)).match(/^ +└─ …$/)
  })

  it('leaves no process behind and changes nothing of a program that is at work', async () => {
    let printed = ''
    const child = await running(`local time = require 'time'
print('ready')
local sum = 0
local function work (n)
  for i = 1, n do
    local parts = {}
    for j = 1, 20 do parts[j] = tostring(j) .. 'x' end
    sum = sum + #table.concat(parts)
    if i % 50 == 0 then this_fiber.yield() end
    if i % 100 == 0 then time.sleep(0.001) end
  end
end
for round = 1, 20 do
  local fibers = {}
  for i = 1, 50 do fibers[i] = spawn(function () work(200) end) end
  for i = 1, 50 do fibers[i]:join() end
end
print(sum)
time.sleep(1000)
`)
    child.stdout!.on('data', (data: Buffer) => { printed += data.toString() })
    const looks = []
    for (let i = 0; i < 20; i++) looks.push(look(child.pid))
    for (const seen of await Promise.all(looks)) expect(seen).lengthOf(1)
    let vm: Seen
    do [vm] = await look(child.pid) as [Seen]
    while (!(vm.fibers.length === 1 && vm.fibers[0]!.waits_for === 'sleep()' && vm.fibers[0]!.where === `${program()}:19`))
    expect(printed).equal(`${20 * 50 * 200 * 51}\n`)
    // The copy that was asked last has answered, and is about to end.
    while (readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8') !== '') await new Promise(resolve => setImmediate(resolve))
  })

  it('is refused to another user', async function () {
    const isRoot = process.getuid!() === 0
    const { pid } = isRoot ? await running("print('ready') require('time').sleep(1000)") : { pid: 1 }
    const { code, stdout, stderr } = await command(['--fibers', String(pid)], isRoot ? { uid: 65534, gid: 65534, cwd: '/' } : {})
    expect({ code, stdout, stderr }).deep.equal({ code: 1, stdout: '', stderr: `emilua: cannot observe process ${pid}: it belongs to another user\n` })
  })

  it('lets root observe the program of a user', async function () {
    if (process.getuid!() !== 0) this.skip()
    writeFileSync(program(), "print('ready') require('time').sleep(1000)")
    chmodSync(folder, 0o755)
    const child = start(executable, [program()], { env, uid: 65534, gid: 65534, cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] })
    children.push(child)
    await once(child.stdout, 'data')
    const [vm] = await look(child.pid!)
    expect(one(vm!.fibers, main).waits_for).equal('sleep()')
  })

  it('says of what cannot be observed why, and leaves it alone', async () => {
    const refused = async (pid: number, why: string): Promise<void> => {
      const { code, stdout, stderr } = await command(['--fibers', String(pid)])
      expect({ code, stdout, stderr }).deep.equal({ code: 1, stdout: '', stderr: `emilua: cannot observe process ${pid}: ${why}\n` })
    }
    const other = start('sleep', ['1000'])
    children.push(other)
    await once(other, 'spawn')
    await refused(other.pid!, 'it has no VMs of Emilua')
    expect(other.signalCode).equal(null)
    other.kill()
    await once(other, 'exit')
    await refused(other.pid!, 'there is no such process')
    const thread = readdirSync(`/proc/${process.pid}/task`).find(id => Number(id) !== process.pid)
    await refused(Number(thread), 'there is no such process')
    const { pid } = await running("print('ready') require('time').sleep(1000)")
    process.kill(pid, 'SIGSTOP')
    await refused(pid, 'it is stopped')
    process.kill(pid, 'SIGCONT')
    expect(await look(pid)).lengthOf(1)
    for (const words of [[], ['x'], ['0'], ['-1'], ['1', '2'], ['1x'], ['1', '--yaml']]) {
      const { code, stderr } = await command(['--fibers', ...words])
      expect(code).equal(2)
      expect(stderr).match(/^emilua: --fibers takes the number of a process, and --json\n/)
    }
  })

  it('ends when the process does', async () => {
    for (let i = 0; i < 10; i++) {
      const child = await running("print('ready') require('time').sleep(1000)")
      const looks = [0, 1, 2].map(() => command(['--fibers', String(child.pid), '--json']))
      await new Promise(resolve => { setImmediate(resolve) })
      child.kill('SIGKILL')
      for (const { code, stderr } of await Promise.all(looks)) {
        if (code !== 0) expect(stderr).equal(`emilua: cannot observe process ${child.pid}: there is no such process\n`)
      }
    }
  })

  describe('of Node', () => {
    const typescript = (text: string, more?: NodeJS.ProcessEnv): ReturnType<typeof running> =>
      running(`import { Mutex, spawn, spawnVm, thisFiber, Queue, vms } from '@emilua/runtime'
import { sleep } from '@emilua/time'
import { tcp } from '@emilua/ip'
${text}`, 'program.ts', more)

    beforeEach(() => {
      // Packages are looked for where the program lies.
      writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
    })

    it('tells of fibers and of native operations', async () => {
      const { pid } = await typescript(`
const sleeper = spawn(() => sleep(1000), { name: 'sleeper' })
spawn(async () => { await sleeper.join() }, { name: 'joiner' })
spawn(async () => { await new Promise(resolve => { setTimeout(resolve, 1e6) }) }, { name: 'foreign' })
spawn(async () => { await new Queue(1).receive() }, { name: 'receiver' })
spawn(() => new Promise(() => {}), { name: '\\u001b[31m\\u009b\\t\\n' })
const acceptor = await tcp.listen('127.0.0.1:0')
setTimeout(() => { console.log('ready') }, 1)
await acceptor.accept()
`)
      const [vm, ...others] = await look(pid)
      expect(others).deep.equal([])
      expect(vm).include({ language: 'javascript', role: 'main', state: 'waiting', program: program('program.ts') })
      const named = (name: string): SeenFiber => one(vm!.fibers, f => f.name === name)
      expect(one(vm!.fibers, main)).include({ waits_for: 'ip.tcp.acceptor.accept', state: 'waiting' })
      expect(named('sleeper')).include({ waits_for: 'time.sleep' })
      expect(named('sleeper').seconds).within(0, 20)
      expect(named('joiner')).include({ waits_for: 'fiber.join', waits_for_fiber: named('sleeper').id })
      expect(named('foreign')).not.have.property('waits_for')
      expect(named('receiver').waits_for).match(/queue/)
      expect(named('\u001b[31m\u009b\t\n').state).equal('waiting')
      const { stdout } = await command(['--fibers', String(pid)])
      expect(stdout).match(/^ {3}└─ +- {2}fiber 0x\w+ '\?\[31m\?\?\?': waiting$/m)
    })

    it('tells where and since when if it was asked to note that', async () => {
      const { pid } = await typescript(`
const lock = new Mutex()
async function hold () {
  await lock.lock()
  await sleep(1000)
}
spawn(hold, { name: 'holder' })
spawn(async () => { await lock.lock() }, { name: 'waiter' })
spawn(() => new Promise(() => {}), { name: 'foreign' })
setTimeout(() => { console.log('ready') }, 1)
`, { EMILUA_OBSERVE: '1' })
      const [vm] = await look(pid)
      const named = (name: string): SeenFiber => one(vm!.fibers, f => f.name === name)
      expect(named('holder')).include({ where: `${program('program.ts')}:8`, in_function: 'hold' })
      expect(named('waiter')).include({ where: `${program('program.ts')}:11`, waits_for: 'a mutex' })
      expect(named('waiter').seconds).within(0, 20)
      expect(named('foreign')).include({ where: `${program('program.ts')}:12` })
    })

    it('tells of Lua actors and workers in the same process, and of a thread that is busy that it runs', async () => {
      writeFileSync(join(folder, 'actor.lua'), "require('inbox'):receive()")
      writeFileSync(join(folder, 'busy.mjs'), "await import('@emilua/runtime'); for (;;) {}")
      const { pid } = await typescript(`
const lua = await spawnVm('actor.lua')
const busy = await spawnVm('busy.mjs')
busy.send('one')
setTimeout(() => { console.log('ready') }, 300)
await sleep(1000)
lua.send('stay')
`)
      let seen: Seen[]
      do seen = await look(pid)
      while (seen.filter(({ language }) => language === 'javascript').length < 2 || !seen.some(({ state }) => state === 'running'))
      expect(one(seen, v => v.language === 'lua').fibers[0]).include({ waits_for: 'inbox:receive()' })
      const worker = one(seen, v => v.language === 'javascript' && v.role === 'worker')
      expect(worker).include({ state: 'running', messages: 1 })
      expect(worker.fibers).deep.equal([])
      expect(one(seen, v => v.language === 'javascript' && v.role === 'main').fibers.some(main)).equal(true)
    })

    it('tells of a program without fibers', async () => {
      const { pid } = await running(`import { sleep } from '@emilua/time'
setTimeout(() => { console.log('ready') }, 1)
await Promise.all([sleep(1000), sleep(1000)])
`, 'program.ts')
      const [vm] = await look(pid)
      expect(vm!.fibers).lengthOf(1)
      expect(vm!.fibers[0]).include({ is_main: true, waits_for: 'time.sleep, time.sleep' })
    })
  })

  describe('by a program', () => {
    it('gives TypeScript what it is at itself', async () => {
      const seen = await vms()
      const own = one(seen, ({ language, role }) => language === 'javascript' && role === 'main')
      expect(own.fibers[0]).include({ isMain: true, state: 'waiting', waitsFor: 'actor.vms' })
    })

    it('gives it what another process is at', async () => {
      const { pid } = await running("print('ready') require('time').sleep(1000)")
      const [vm] = await vms(pid)
      expect(vm!.fibers[0]).include({ isMain: true, waitsFor: 'sleep()', where: `${program()}:1` })
    })

    it('fails by name', async () => {
      const failure = async (pid: unknown): Promise<string> => await vms(pid as number).then(() => '', (error: { code: string }) => error.code)
      const gone = start('true')
      await once(gone, 'exit')
      expect(await failure(gone.pid)).equal('ESRCH')
      expect(await failure(0)).equal('EINVAL')
      expect(await failure('1')).equal('EINVAL')
      const other = start('sleep', ['1000'])
      children.push(other)
      await once(other, 'spawn')
      expect(await failure(other.pid)).equal('EOPNOTSUPP')
    })
  })
})
