// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { inbox, onPanic, Panic, spawnVm, type Channel } from '@emilua/runtime'
import { sleep } from '@emilua/time'
import type { Greeting } from './actors/greeter.js'
import { program, thrown } from './actors.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const command = join(dirname(createRequire(import.meta.url).resolve('@emilua/cli')), 'main.js')

interface End { code: number | null, out: string, err: string }

function run (args: string[], input?: string): End {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: here, encoding: 'utf8', timeout: 60_000, input, env: { ...process.env, EMILUA_COLORS: '0', EMILUA_SHUFFLE: undefined }
  })
  return { code: status, out: stdout, err: stderr }
}

/** Runs the lines as an ES module in a process of its own. */
function node (...lines: string[]): End {
  const prelude = [
    "import { inbox, spawnVm } from '@emilua/runtime'",
    'const start = name => spawnVm(new URL(`file://${process.cwd()}/actors/${name}`))'
  ]
  return run(['--input-type=module', '-e', [...prelude, ...lines].join(';\n')])
}

const own = ['echo.mjs', 'echo.lua'] as const

describe('actors in TypeScript and JavaScript', function () {
  this.timeout(60_000)

  it('answer as those in Lua do', async () => {
    for (const name of own) {
      const echo = await spawnVm<unknown>(program(name))
      echo.send(inbox)
      for (let i = 0; i < 100; i++) echo.send(i)
      for (let i = 0; i < 100; i++) expect(await inbox.receive()).to.deep.equal({ type: 'number', message: i })
      echo.close()
      expect(await echo.closed, name).to.deep.equal({ reason: 'ended' })
      expect(await thrown(() => { echo.send(1) })).to.include({ code: 'CHANNEL_CLOSED' })
    }
  })

  it('are typed by what they export', async () => {
    const greeter = await spawnVm<Greeting>(program('greeter.ts'))
    greeter.send({ name: 'you', reply: inbox })
    expect(await inbox.receive<string>()).to.equal('hello you')
    greeter.close()
    expect((await greeter.closed).reason).to.equal('ended')
  })

  it('get what was sent before they began, in order', async () => {
    const echo = await spawnVm<unknown>(program('echo.mjs'))
    echo.send(inbox)
    for (let i = 0; i < 1000; i++) echo.send(i)
    for (let i = 0; i < 1000; i++) expect(await inbox.receive<object>()).to.include({ message: i })
    echo.close()
    await echo.closed
  })

  it('pass on addresses and messages, in every combination', async () => {
    const forwarders = await Promise.all(['forwarder.mjs', 'forwarder.lua', 'forwarder.mjs', 'forwarder.lua'].map(name => spawnVm<unknown>(program(name))))
    for (const first of forwarders) {
      for (const second of forwarders) {
        first.send({ to: second, message: { to: inbox, message: ['there', { and: 1n }] } })
        expect(await inbox.receive()).to.deep.equal(['there', { and: 1n }])
        first.send({ to: inbox, message: { here: second } })
        const { here } = await inbox.receive<{ here: Channel }>()
        expect(here.equals(second)).to.equal(true)
        expect(here.equals(first)).to.equal(first === second)
        here.close()
      }
    }
    for (const each of forwarders) each.close()
    expect(await Promise.all(forwarders.map(async each => (await each.closed).reason))).to.deep.equal(['ended', 'ended', 'ended', 'ended'])
  })

  it('say what they failed with, and are reported once, by name', async () => {
    const told: Panic[] = []
    using handler = onPanic(panic => { told.push(panic) })
    const failing = await spawnVm(program('failing.mjs'))
    expect((await failing.closed).reason).to.equal('panicked: RangeError: on purpose')
    expect(handler).to.be.an('object')
    expect(told).to.have.length(1)
    expect(told[0]!.who).to.match(/^Actor \S*failing\.mjs \(thread \d+\)$/)
    expect(told[0]!.error).to.be.instanceOf(RangeError)
    expect(told[0]!.text).to.include('failing.mjs:1')
    expect(await thrown(() => { failing.send(1) })).to.include({ code: 'CHANNEL_CLOSED' })
  })

  it('say with which status they ended', async () => {
    for (const [status, reason] of [[0, 'ended'], [3, 'ended with status 3']] as const) {
      const actor = await spawnVm<number>(program('status.mjs'))
      actor.send(status)
      expect((await actor.closed).reason).to.equal(reason)
    }
  })

  it('have a thread of their own', async () => {
    expect(await thrown(() => spawnVm(program('echo.mjs'), { inheritContext: true }))).to.include({ code: 'EINVAL', arg: 'options.inheritContext' })
    const echo = await spawnVm(program('echo.mjs'), { inheritContext: false })
    echo.close()
    await echo.closed
  })

  it('are looked for as Lua programs are', async () => {
    expect(await thrown(() => spawnVm(program('nothing.ts')))).to.include({ code: 'MODULE_NOT_FOUND', arg: 'module' })
  })

  it('leave neither threads nor descriptors behind', async () => {
    const count = (): number[] => [readdirSync('/proc/self/task').length, readdirSync('/proc/self/fd').length]
    const some = async (): Promise<void> => {
      const all = await Promise.all(Array.from({ length: 3 }, () => spawnVm<unknown>(program('echo.mjs'))))
      for (const each of all) {
        each.send(inbox)
        each.send('there')
        await inbox.receive()
        each.close()
      }
      await Promise.all(all.map(each => each.closed))
    }
    await some()
    await sleep(0.2)
    const before = count()
    for (let i = 0; i < 3; i++) await some()
    for (let i = 0; i < 50 && String(count()) !== String(before); i++) await sleep(0.1)
    expect(count()).to.deep.equal(before)
  })

  describe('when the program ends', () => {
    it('it stays until those that work are through', () => {
      const { code, out, err } = node("await start('late.mjs')", "console.log('main')")
      expect({ code, out: out.split('\n').sort(), err }).to.deep.equal({ code: 0, out: ['', 'late is through', 'main'], err: '' })
    })

    it('those that wait for messages end quietly, whatever their number', () => {
      expect(node("for (let i = 0; i < 3; i++) await start('echo.mjs')", "const used = await start('echo.mjs')", 'used.send(inbox)', "used.send('x')",
        'console.log((await inbox.receive()).message)')).to.deep.equal({ code: 0, out: 'x\n', err: '' })
    })

    for (const other of ['peer.mjs', 'peer.lua']) {
      it(`so do those that only wait for each other: peer.mjs and ${other}`, () => {
        expect(node(`const a = await start('peer.mjs'), b = await start('${other}')`, 'a.send({ peer: b })', 'b.send({ peer: a })'))
          .to.deep.equal({ code: 0, out: '', err: '' })
      })
    }

    for (const [first, second] of [['{}', '{}'], ['{}', '{ inheritContext: false }'], ['{ inheritContext: false }', '{ inheritContext: false }']]) {
      it(`and two in Lua: ${first} and ${second}`, () => {
        expect(node('const at = name => new URL(`file://${process.cwd()}/actors/${name}`)',
          `const a = await spawnVm(at('peer.lua'), ${first}), b = await spawnVm(at('peer.lua'), ${second})`, 'a.send({ peer: b })', 'b.send({ peer: a })'))
          .to.deep.equal({ code: 0, out: '', err: '' })
      })
    }

    it('those that actors have started count as well', () => {
      expect(node("await start('parent.mjs')")).to.deep.equal({ code: 0, out: 'parent is through\nlate is through\n', err: '' })
    })

    it('a failure is reported and makes the status 1, unless the program set one or asked how the actor ended', () => {
      const failed = node("await start('failing.mjs')")
      expect(failed.err).to.match(/^Actor actors\/failing\.mjs \(thread \d+\) panicked: RangeError.*: on purpose\n/)
      expect(failed.err.match(/on purpose/g)).to.have.length(1)
      expect(failed.code).to.equal(1)
      expect(node("await start('failing.mjs')", 'process.exitCode = 3').code).to.equal(3)
      expect(node("const { closed } = await start('failing.mjs')", 'await closed').code).to.equal(0)
      expect(node("(await start('status.mjs')).send(4)").code).to.equal(1)
    })

    it('process.exit() waits for nobody', () => {
      expect(node("await start('echo.mjs')", "await start('late.mjs')", 'process.exit(4)')).to.deep.equal({ code: 4, out: '', err: '' })
    })

    it('who waits for a message that nobody can send is told, and can go on', () => {
      expect(node('try { await inbox.receive() } catch (error) { console.log(error.code) }',
        "const echo = await start('echo.lua')", 'echo.send(inbox)', "echo.send('on')", 'console.log((await inbox.receive()).message)',
        'echo.close()', 'for await (const message of inbox) console.log(message)', "console.log('through')"
      )).to.deep.equal({ code: 0, out: 'CHANNEL_CLOSED\non\nthrough\n', err: '' })
    })
  })

  it('run by the command as well, TypeScript too', () => {
    const text = `import { inbox, spawnVm } from '@emilua/runtime'
      import type { Greeting } from './actors/greeter.ts'
      const greeter = await spawnVm<Greeting>(new URL('./actors/greeter.ts', \`file://\${process.cwd()}/\`))
      greeter.send({ name: 'you', reply: inbox })
      console.log(await inbox.receive<string>())`
    expect(run([command, '-e', text])).to.deep.equal({ code: 0, out: 'hello you\n', err: '' })
  })

  it('run by Node without the command, which then is looked for to run TypeScript', () => {
    expect(node("const greeter = await start('greeter.ts')", "greeter.send({ name: 'you', reply: inbox })", 'console.log(await inbox.receive())'))
      .to.deep.equal({ code: 0, out: 'hello you\n', err: '' })
  })
})
