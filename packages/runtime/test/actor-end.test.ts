// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const here = fileURLToPath(new URL('.', import.meta.url))
const mocha = join(dirname(createRequire(import.meta.url).resolve('mocha/package.json')), 'bin/mocha.js')

interface End { code: number | null, out: string, err: string }

function node (...args: string[]): End {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: here, encoding: 'utf8', timeout: 60_000, env: { ...process.env, EMILUA_COLORS: '0', EMILUA_SHUFFLE: undefined, NODE_TEST_CONTEXT: undefined }
  })
  return { code: status, out: stdout, err: stderr }
}

const prelude = [
  "import { inbox, scopeCleanupPush, spawnVm } from '@emilua/runtime'", "import { sleep } from '@emilua/time'",
  'const here = new URL(`file://${process.cwd()}/`)',
  'const start = (name, own) => spawnVm(new URL(`actors/${name}.lua`, here), { inheritContext: !own })'
]

/** Runs the lines as an ES module in a process of its own. */
function run (...lines: string[]): End {
  return node('--input-type=module', '-e', [...prelude, ...lines].join(';\n'))
}

/** The same in a worker; the main thread prints the status of its end. */
function runInWorker (...lines: string[]): End {
  const body = [...prelude, ...lines].join(';\n').replaceAll(/import (\{.*?\}) from ('.*?')/g, 'const $1 = await import($2)')
  return node('--input-type=module', '-e',
    `import { Worker } from 'node:worker_threads'
    new Worker(${JSON.stringify(`(async () => { ${body} })()`)}, { eval: true }).on('exit', code => { console.log('worker', code) })`)
}

/** Of an actor in a process of its own, with this source. */
const guest = (source: string, options = ''): string =>
  `const actor = await spawnVm(new URL('file:///guest.lua'), { subprocess: { sourceTreeCache: { 'guest.lua': ${JSON.stringify(source)} } ${options} } })`

describe('when an actor in a process of its own fails', function () {
  this.timeout(60_000)

  it('it says so on standard error, once, as text of a stranger, and makes the status 1 unless somebody asked', () => {
    const source = "error('on\\27[2J purpose\\nActor x', 0)"
    const asked = run(guest(source), 'console.log((await actor.closed).reason)')
    expect(asked).to.include({ code: 0, out: 'panicked: on\\x1b[2J purpose\n\tActor x\n' })
    expect(asked.err).to.match(/^Actor \/guest.lua \(process \d+\): Main fiber from VM 0x\w+ \(\/guest.lua\) panicked: 'on\\x1b\[2J purpose\n\tActor x'\nstack traceback:\n\t\[C\]: in function 'error'\n\t\/guest.lua:1: in main chunk\n$/)
    const nobody = run(guest(source), 'await actor.send("x").catch(() => {})', 'while (true) try { await actor.send("x") } catch { break }', 'await sleep(0.1)')
    expect(nobody.err).to.equal(asked.err.replace(/process \d+/, /process \d+/.exec(nobody.err)![0]).replace(/0x\w+/, /0x\w+/.exec(nobody.err)![0]))
    expect(nobody.code).to.equal(1)
  })

  it('its own standard error has it, if it has one', () => {
    const shared = run(guest("error('no', 0)", ", stderr: 'share'"), 'await actor.closed')
    expect(shared.err).to.match(/^Main fiber from VM 0x\w+ \(\/guest.lua\) panicked: 'no'\n/).and.not.match(/Actor/)
  })

  it('a fiber of it is reported as well, and a signal that nobody has sent', () => {
    const fiber = run(guest("spawn(function () error('in a fiber', 0) end):detach()"), 'console.log((await actor.closed).reason)')
    expect(fiber.err).to.match(/^Actor \/guest.lua \(process \d+\): Fiber 0x\w+ \(\/guest.lua:1\) panicked: 'in a fiber'/)
    expect(fiber.out).to.equal('exited with status 1\n')
    const raise = "require('system').signal.raise(9)"
    const killed = run(guest(raise), 'console.log((await actor.closed).reason)')
    expect(killed).to.include({ code: 0, out: 'killed by signal 9\n' })
    expect(killed.err).to.match(/^Actor \/guest.lua \(process \d+\) was killed by signal 9\n$/)
    expect(run(guest('require("inbox"):receive()'), 'actor.kill()', 'console.log((await actor.closed).reason)')).to.deep.equal({ code: 0, out: 'killed\n', err: '' })
    expect(run(guest('require("inbox"):receive()'), 'actor.kill(15)', 'console.log((await actor.closed).reason)')).to.deep.equal({ code: 0, out: 'killed by signal 15\n', err: '' })
  })

  it('so do a script and a process that cannot begin', () => {
    const script = run(guest('', ", init: { script: 'C.chdir(\"/nowhere\")' }"), 'console.log((await actor.closed).reason)')
    expect(script.err).to.match(/^Actor \/guest.lua \(process \d+\): init.script:1: chdir: No such file or directory\n$/)
    expect(script.out).to.equal('init.script:1: chdir: No such file or directory\n')
  })

  it('a flood of failures is cut off', () => {
    const { err } = run(guest("for i = 1, 1000 do spawn(function () error('again', 0) end):detach() this_fiber.yield() end"), 'await actor.closed')
    expect(err.match(/'again'/g)!.length).to.equal(16)
    expect(err).to.match(/: what else it tells is not shown\n$/)
  })
})

describe('a supervisor that is left', function () {
  this.timeout(60_000)
  const team = "await Supervisor.start([{ name: 'store', start: () => start('waiting', false) }, { name: 'web', start: () => start('waiting', true) }])"
  const left = (...lines: string[]): End => run("import { Supervisor } from '@emilua/runtime'", ...lines)
  const warning = /^\(node:\d+\) Warning: Nothing but a supervisor \(of store, web\) keeps the program: await its join\(\), or end it by stop\(\) or `await using`\n/

  it('keeps the program, and says so when nothing else does', () => {
    const { code, out, err } = left(`const team = ${team}`, "process.on('warning', () => { console.log('warned'); void team.stop() })", 'await sleep(0.01)', "console.log('through')")
    expect(err).to.match(warning)
    expect({ code, out }).to.deep.equal({ code: 0, out: 'through\nwarned\n' })
  })

  it('says nothing when somebody waits for it, stops it or disposes of it', () => {
    for (const lines of [
      [`const team = ${team}`, 'setTimeout(() => { void team.stop() }, 20)', 'await team.join()'],
      [`const team = ${team}`, 'await sleep(0.01)', 'await team.stop()'],
      [`const team = ${team}`, 'await sleep(0.01)', 'await team[Symbol.asyncDispose]()']
    ]) expect(left(...lines), lines.join()).to.deep.equal({ code: 0, out: '', err: '' })
  })
})

describe('a program that waits for a message, as all actors do that could send it', function () {
  this.timeout(120_000)
  const circles: [string, string][] = [
    ['on the shared thread', "await start('peer', false), await start('peer', false)"],
    ['on threads of their own', "await start('peer', true), await start('peer', true)"],
    ['in a worker and on a thread', "await spawnVm(new URL('actors/peer.mjs', here)), await start('peer', true)"],
    ['in workers', "await spawnVm(new URL('actors/peer.mjs', here)), await spawnVm(new URL('actors/peer.mjs', here))"]
  ]
  for (const [where, actors] of circles) {
    const circle = [`const [a, b] = [${actors}]`, 'a.send({ peer: b })', 'b.send({ peer: inbox })']

    it(`is told so: two ${where}`, () => {
      const { code, out, err } = run(...circle, 'await inbox.receive()')
      expect(err).to.match(/Channel closed: all that could send to this inbox wait for messages, too/)
      expect({ code, out }).to.deep.equal({ code: 1, out: '' })
    })

    it(`can go on: two ${where}`, () => {
      const { code, out, err } = run(...circle, 'for await (const message of inbox) console.log(message)',
        'console.log((await inbox.receive().catch(e => e)).code)', "b.send('more')")
      expect({ code, out, err }).to.deep.equal({ code: 0, out: 'CHANNEL_CLOSED\n', err: '' })
    })
  }

  it('sees actors end that it waits for, and that wait for messages', () => {
    for (const [where, actors] of circles) {
      expect(run(`const [a, b] = [${actors}]`, 'a.send({ peer: b })', 'b.send({ peer: a })', 'console.log((await a.closed).reason, (await b.closed).reason)'), where)
        .to.deep.equal({ code: 0, out: 'ended ended\n', err: '' })
    }
  })

  it('waits as long as anybody has something else to do', () => {
    const { code, out } = run("const a = await start('echo', true)", 'a.send(inbox)', "setTimeout(() => a.send('late'), 200)", 'console.log((await inbox.receive()).message)',
      "setTimeout(() => a.send('later'), 200).unref()", "process.stdout.write('')", 'const sleeping = sleep(0.3)', 'console.log((await inbox.receive()).message)', 'await sleeping')
    expect({ code, out }).to.deep.equal({ code: 0, out: 'late\nlater\n' })
  })
})

describe('when a program with actors ends', function () {
  this.timeout(120_000)

  for (const [where, own] of [['on the shared thread', false], ['on threads of their own', true]] as const) {
    describe(where, () => {
      it('it stays until those that work are through', () => {
        const { code, out, err } = run(`await start('late', ${own})`, "console.log('main')")
        expect({ code, out: out.split('\n').sort(), err }).to.deep.equal({ code: 0, out: ['', 'late is through', 'main'], err: '' })
      })

      it('those that wait for messages end quietly, whatever their number', () => {
        expect(run(`for (let i = 0; i < 5; i++) await start('waiting', ${own})`)).to.deep.equal({ code: 0, out: '', err: '' })
      })

      it('so do those that only wait for each other, when nobody else works', () => {
        const { code, out, err } = run(`const a = await start('peer', ${own}), b = await start('peer', ${own})`, 'a.send({ peer: b })', 'b.send({ peer: a })',
          `await start('late', ${own})`)
        expect({ code, out, err }).to.deep.equal({ code: 0, out: 'late is through\n', err: '' })
      })

      it('those that still send to it fail, which is reported', () => {
        const { code, err } = run(`const a = await start('talking', ${own})`, 'a.send(inbox)', 'await inbox.receive()')
        expect(err).to.match(/^Main fiber from VM 0x\w+ \(.*\/talking.lua\) panicked: 'Channel closed: the program has closed its inbox/)
        expect(code).to.equal(1)
      })

      it('those that actors have started count as well', () => {
        expect(run(`await start('parent', ${own})`)).to.deep.equal({ code: 0, out: 'parent is through\nlate is through\n', err: '' })
      })

      it('a failure is reported and makes the status 1, unless the program set one or asked how the actor ended', () => {
        const failed = run(`await start('failing', ${own})`)
        expect(failed.err).to.match(/^Main fiber from VM 0x\w+ \(.*\/failing.lua\) panicked: 'on purpose/)
        expect(failed.code).to.equal(1)
        expect(run(`await start('failing', ${own})`, 'process.exitCode = 3').code).to.equal(3)
        const asked = run(`const { closed } = await start('failing', ${own})`, 'console.log((await closed).reason.slice(0, 20))')
        expect({ code: asked.code, out: asked.out }).to.deep.equal({ code: 0, out: 'panicked: on purpose\n' })
        expect(run(`const a = await start('failing', ${own})`, 'await sleep(0.1)', 'console.log((await a.closed).reason.slice(0, 8))').code).to.equal(0)
      })
    })
  }

  it('process.exit() waits for nobody', () => {
    expect(run("await start('late')", 'process.exit(4)')).to.deep.equal({ code: 4, out: '', err: '' })
  })

  it('other listeners of beforeExit can still send, and do more', () => {
    const { code, out } = run("const a = await start('echo')", 'a.send(inbox)', 'let first = true',
      "process.on('beforeExit', async () => { if (!first) return; first = false; a.send('last'); await sleep(0.01); console.log((await inbox.receive()).message) })")
    expect({ code, out }).to.deep.equal({ code: 0, out: 'last\n' })
  })

  it('cleanup handlers of its top level can still ask an actor', () => {
    const { code, out } = run("const a = await start('echo')", 'a.send(inbox)',
      "scopeCleanupPush(async () => { a.send('bye'); console.log((await inbox.receive()).message) })")
    expect({ code, out }).to.deep.equal({ code: 0, out: 'bye\n' })
  })

  it('a worker does the same with its own', () => {
    expect(runInWorker("await start('late')", "await start('waiting')", "console.log('main')")).to.deep.equal({ code: 0, out: 'main\nlate is through\nworker 0\n', err: '' })
    const failed = runInWorker("await start('failing')")
    expect(failed.out).to.equal('worker 1\n')
    expect(failed.err).to.include('on purpose')
  })

  it('a worker that is terminated leaves nothing that keeps the process', () => {
    const { code, out } = node('--input-type=module', '-e', [
      "import { Worker } from 'node:worker_threads'",
      `const worker = new Worker(${JSON.stringify(`import('@emilua/runtime').then(async ({ spawnVm }) => {
        await spawnVm(process.cwd() + '/actors/waiting.lua'); (await import('node:worker_threads')).parentPort.postMessage('there'); setInterval(() => {}, 1000) })`)}, { eval: true })`,
      "worker.on('message', async () => console.log(await worker.terminate()))"
    ].join(';\n'))
    expect({ code, out }).to.deep.equal({ code: 0, out: '1\n' })
  })

  it('test runners end', () => {
    for (const [runner, file] of [[mocha, 'mocha'], ['--test', 'node']] as const) {
      const { code, out } = node(runner, `panic/${file}-actor.mjs`)
      expect(code, out).to.equal(0)
      expect(out).to.match(/1 passing|# pass 1|pass 1/)
    }
  })
})
