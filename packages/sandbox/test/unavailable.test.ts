// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemPaths } from '@emilua/sandbox'
import { expect } from 'chai'
import { foundations, foundationsInLua, inProcess, onBoth, onNamespaces } from './foundations.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs a program of Lua in a process of its own, as somebody or with other variables. */
function emilua (source: string, variables: Record<string, string> = {}, prefix: string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), 'emilua-'))
  try {
    const file = join(folder, 'program.lua')
    writeFileSync(file, source)
    const words = [...prefix, join(root, 'emilua'), file]
    return execFileSync(words[0]!, words.slice(1), { encoding: 'utf8', env: { ...process.env, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('what cannot be enforced', () => {
  const list = `{${systemPaths().map(path => `'${path}'`).join(', ')}}`

  onNamespaces('is an error that names the layer', () => {
    const said = emilua(`
      local sandbox = require 'sandbox'
      local ok, e = pcall(sandbox.new, { foundation = 'process' })
      print(ok, e.category, tostring(e))
      local guest = sandbox.new{ read = ${list} }:spawn{ program = 'true', arguments = {'true'} }
      guest:wait()
      print(guest.exit_code, guest.foundation)
    `, { EMILUA_LANDLOCK_ABI: '0' })
    expect(said).match(/^false\tsandbox\t.*no landlock for a sandbox.*\n0\tnamespaces\n$/)
  })

  for (const abi of ['1', '4', '99']) {
    inProcess(`is less with more of Landlock (ABI ${abi})`, () => {
      const said = emilua(`
        local sandbox = require 'sandbox'
        for _, foundation in ipairs${foundationsInLua} do
          local guest = sandbox.new{ read = ${list}, foundation = foundation }:spawn{
            program = 'sh', arguments = {'sh', '-c', 'cat /etc/passwd; kill -0 ${process.pid} || echo alone'}, environment = { PATH = '/usr/bin:/bin' }, stdout = 'share', stderr = 'ignore' }
          guest:wait()
        end
        print(sandbox.probe().landlock.abi)
      `, { EMILUA_LANDLOCK_ABI: abi })
      expect(said).match(new RegExp(`^(alone\\n){${foundations.length}}[1-9]\\d*\\n$`))
    })
  }

  // Before Landlock knows whose they are, signals reach the init of a guest that has a PID namespace.
  onNamespaces('is no time that a guest lets go by with signals for its init', () => {
    const said = emilua(`
      local sandbox = require 'sandbox'
      local box = sandbox.new{ read = ${list}, foundation = 'namespaces', limits = { seconds = 0.1 } }
      for i = 1, 5 do
        local guest = box:spawn{ program = 'perl', environment = { PATH = '/usr/bin:/bin' }, arguments = { 'perl', '-e', [[
          $SIG{ALRM} = 'IGNORE';
          for (1, 2) { if (!fork) { while (getppid != 1) { kill 'ALRM', 1 } exit } }
          select undef, undef, undef, 3]] } }
        guest:wait()
        print(guest.limit)
      end
    `, { EMILUA_LANDLOCK_ABI: '5' })
    expect(said).equal('seconds\n'.repeat(5))
  }).timeout(60_000)

  it('is SandboxUnavailable in TypeScript', () => {
    const { stdout } = spawnSync(process.execPath, ['--conditions=bundled', '--input-type=module', '-e', `
      import { Sandbox, SandboxUnavailable } from '@emilua/sandbox'
      try {
        new Sandbox({ foundation: 'process' })
      } catch (error) {
        console.log(error instanceof SandboxUnavailable, error.name, error.layer, error.code, error.message)
      }
    `], { encoding: 'utf8', cwd: fileURLToPath(new URL('..', import.meta.url)), env: { ...process.env, EMILUA_LANDLOCK_ABI: '0' } })
    expect(stdout).match(/^true SandboxUnavailable landlock LANDLOCK_UNAVAILABLE landlock_create_ruleset: This system has no landlock for a sandbox/)
  })

  for (const foundation of foundations) {
    it(`says at which step a filter that was there before ended a guest, ${foundation}`, () => {
      const said = (call: string): string => emilua(`
        local system, sandbox = require 'system', require 'sandbox'
        system.set_no_new_privs()
        system.seccomp_set_mode_filter(system.seccomp.filter{ default = 'allow', kill_process = { '${call}' } })
        local box = sandbox.new{ read = ${list}, foundation = '${foundation}' }
        for i = 1, 3 do
          local ok, e = pcall(box.run, box, { program = '/bin/true', arguments = {'true'} })
          print(ok, tostring(e))
        end
      `)
      expect(said('capset')).match(/^(false\t.*no privileges for a sandbox: seccomp: .*; a filter of system calls that was there before ended the guest.*\n){3}$/)
    }).timeout(60_000)
  }

  onBoth('says so of a guest that /proc hides', () => {
    // In mounts of its own, where root is nothing special, either.
    const [flags, options] = process.getuid!() === 0 ? ['-m', 'hidepid=2,gid=65534'] as const : ['-Urmpf', 'hidepid=2'] as const
    const hiding = ['unshare', flags, 'sh', '-c',
      `mount -t proc proc /proc -o ${options} && exec setpriv --inh-caps=-all --bounding-set=-all "$@"`, 'sh']
    expect(emilua(`
      local system, sandbox = require 'system', require 'sandbox'
      system.set_no_new_privs()
      system.seccomp_set_mode_filter(system.seccomp.filter{ default = 'allow', kill_process = { 'capset' } })
      local box = sandbox.new{ read = ${list}, foundation = 'process' }
      local ok, e = pcall(box.run, box, { program = '/bin/true', arguments = {'true'} })
      print(ok, tostring(e))
    `, {}, hiding)).match(/^false\t.*a filter of system calls that was there before ended the guest/)
  }).timeout(60_000)

  onBoth('is namespaces where a filter forbids them, and then the process is the foundation', () => {
    const said = emilua(`
      local system, sandbox, filesystem = require 'system', require 'sandbox', require 'filesystem'
      system.set_no_new_privs()
      system.seccomp_set_mode_filter(system.seccomp.filter{ default = 'allow', errno = {
        { syscall = 'clone', when = {{ argument = 0, is = 'masked_equal', mask = 0x10000000, value = 0x10000000 }} } } })
      local found = sandbox.probe()
      print(found.foundation, found.namespaces.user, found.reason)
      local ok, e = pcall(sandbox.new, { foundation = 'namespaces' })
      print(tostring(e))
    `)
    expect(said).match(/^process\tfalse\ta filter of system calls.*\n.*no namespaces for a sandbox.*What helps: start the container/)
  })
})
