// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const executable = fileURLToPath(new URL('../../../native-core/build/release/emilua', import.meta.url))

describe('emilua PROGRAM.lua', () => {
  let folder: string
  before(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-')) })
  after(() => { rmSync(folder, { recursive: true }) })

  function run (source: string, { args = [], env = {} }: { args?: string[], env?: Record<string, string> } = {}) {
    const program = join(folder, 'program.lua')
    writeFileSync(program, source)
    const { status, stdout, stderr } = spawnSync(executable, [program, ...args], {
      encoding: 'utf8', env: { PATH: process.env['PATH'], ...env }
    })
    return { status, stdout, stderr, program }
  }
  const command = (...args: string[]) => spawnSync(executable, args, { encoding: 'utf8' })

  it('says what failed and where, with a traceback, and exits with 1', () => {
    const { status, stdout, stderr, program } = run("print('before')\nlocal function f() error('boom') end\nf()")
    expect(status).to.equal(1)
    expect(stdout).to.equal('before\n')
    expect(stderr).to.match(/^Main fiber from VM 0x[0-9a-f]+ panicked: '/)
    expect(stderr).to.contain(`${program}:2: boom`).and.contain('stack traceback:')
  })

  it('says what a structured error knows', () => {
    const { stderr } = run("require('ip').tcp.socket.new():set_option('no such option', true)")
    expect(stderr).to.match(/panicked: 'opt: Expected one of "tcp_no_delay", .*, not "no such option" \[system:22, arg: 2\]'/)
  })

  it('reports a fiber that failed and was not joined, and goes on', () => {
    const { status, stdout, stderr } = run("spawn(function() error('aside', 0) end):detach()\nthis_fiber.yield()\nprint('on')")
    expect(status).to.equal(1)
    expect(stdout).to.equal('on\n')
    expect(stderr).to.match(/^Fiber 0x[0-9a-f]+ \(.*:1\) panicked: 'aside'/)
  })

  it('finds modules beside the program that a link leads to, and runs what is no file by its link', () => {
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'beside.lua'), "return 'beside'")
    writeFileSync(join(folder, 'linked.lua'), "print(require './beside')")
    symlinkSync('../linked.lua', join(folder, 'bin/program'))
    expect(command(join(folder, 'bin/program'))).to.include({ stdout: 'beside\n', stderr: '', status: 0 })
    expect(spawnSync('bash', ['-c', `${executable} <(echo 'print(1)')`], { encoding: 'utf8' })).to.include({ stdout: '1\n', stderr: '' })
  })

  it('is silent about a canceled fiber', () => {
    const { stderr } = run('local f = spawn(function() this_fiber.yield() end)\nf:cancel()\nf = nil\nthis_fiber.yield()\ncollectgarbage()')
    expect(stderr).to.equal('')
  })

  it('says what each fiber waits for when nothing can come', () => {
    const { status, stderr } = run("local f = require('future')\nlocal p, future = f.new()\nfuture:get()\nprint(p)")
    expect(status).to.equal(1)
    expect(stderr).to.match(/every fiber waits for something that cannot come\nFiber \d+ waits in future:get\(\)/)
  })

  it('says where a program does not parse', () => {
    const { status, stderr, program } = run('local = 1')
    expect(status).to.equal(1)
    expect(stderr).to.contain(`${program}:1:`)
  })

  it('colours reports when told to', () => {
    expect(run("error('x')", { env: { EMILUA_COLORS: '1' } }).stderr.startsWith('\u001b[1;31mMain fiber')).to.equal(true)
    expect(run("error('x')", { env: { EMILUA_COLORS: '0' } }).stderr).to.match(/^Main fiber/)
    const refused = run('', { env: { EMILUA_COLORS: 'yes' } })
    expect(refused.status).to.equal(2)
    expect(refused.stderr).to.contain("EMILUA_COLORS is 0 or 1, not 'yes'")
  })

  it('refuses a command line it does not understand, and says how to learn more', () => {
    for (const args of [[], ['--nothing'], ['--'], [join(folder, 'missing.lua')], [join(folder, 'program.txt')], ['a.ts']]) {
      const { status, stdout, stderr } = command(...args)
      expect(status, args.join(' ')).to.equal(2)
      expect(stdout).to.equal('')
      expect(stderr).to.match(/^emilua: .+\nTry 'emilua --help'\.\n$/)
    }
    writeFileSync(join(folder, 'a.ts'), '')
    expect(command(join(folder, 'a.ts')).stderr).to.contain('use the emilua command of the package @emilua/cli')
    expect(command(join(folder, 'missing.lua')).stderr).to.contain('No such file or directory')
  })

  it('prints its version and its help', () => {
    expect(command('--version').stdout).to.match(/^emilua \d+\.\d+\.\d+ \(follows Emilua 0\.11\.0\)\nLuaJIT 2\.1/)
    for (const words of [['--help'], ['--bundle', '--help']]) {
      const help = command(...words).stdout
      expect(help).to.contain('Usage: emilua')
      expect(help.split('\n').filter(line => line.length > 80)).to.deep.equal([])
    }
  })

  it('starts with the default dispositions, SIGPIPE ignored', () => {
    const { stdout } = spawnSync('sh', ['-c', `trap '' TERM; exec "${executable}" "${run(`
      for line in ('x'):gmatch('x') do end
      local system = require 'system'
      system.signal.raise(system.signal.SIGPIPE)
      require('stream').write_all(system.out, 'survived SIGPIPE\\n')
      system.signal.raise(system.signal.SIGTERM)
      require('time').sleep(5)
      print('SIGTERM was still ignored')`).program}"`], { encoding: 'utf8' })
    expect(stdout).to.equal('survived SIGPIPE\n')
  })
})
