// SPDX-License-Identifier: MIT OR BSL-1.0
// Programs that nobody here wrote, as children.
import { Path } from '@emilua/filesystem'
import { ptypair } from '@emilua/serial-port'
import { writeAll } from '@emilua/stream'
import { spawn, run, type RunResult } from '@emilua/system'
import { stream } from '@emilua/unix'
import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
// In CI what is missing fails, instead of being left out where nobody looks.
const has = (program: string): boolean =>
  process.env['CI'] !== undefined || spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

describe('children that others wrote', () => {
  let folder = ''
  const at = (name: string): string => join(folder, name)
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-peers-')) })
  afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

  async function successful (program: string, words: string[], more: { input?: string } = {}): Promise<string> {
    const environment = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1' }
    const result: RunResult = await run({ program, arguments: [program, ...words], environment, workingDirectory: new Path(folder), ...more })
    expect([result.exitCode, text(result.stderr)]).deep.equal([0, text(result.stderr)])
    return text(result.stdout)
  }

  describe('git', () => {
    before(function () { if (!has('git')) this.skip() })

    it('keeps a history, with helpers and pipes of its own', async () => {
      const git = (words: string[], more?: { input?: string }): Promise<string> => successful('git', words, more)
      await git(['init', '-q', '-b', 'trunk', '.'])
      const content = 'a line\n'.repeat(50_000)
      const blob = (await git(['hash-object', '-w', '--stdin'], { input: content })).trim()
      expect(await git(['cat-file', 'blob', blob])).equal(content)
      writeFileSync(at('file'), content)
      await git(['add', 'file'])
      await git(['-c', 'user.name=N', '-c', 'user.email=n@example.org', 'commit', '-q', '-F', '-'], { input: 'Why it is there\n' })
      expect(await git(['log', '--format=%s'])).equal('Why it is there\n')
      await git(['clone', '-q', '--no-local', '.', 'copy'])
      expect(readFileSync(at('copy/file'), 'utf8')).equal(content)
      const refused = await run({ program: 'git', arguments: ['git', 'no-such-command'], environment: { PATH: process.env['PATH'] } })
      expect([refused.exitCode, text(refused.stderr).includes('no-such-command')]).deep.equal([1, true])
    })
  })

  describe('ssh-keygen', () => {
    before(function () { if (!has('ssh-keygen')) this.skip() })

    it('makes a key, signs what it reads, and checks it', async () => {
      await successful('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'me', '-f', 'key'])
      const signature = await successful('ssh-keygen', ['-q', '-Y', 'sign', '-n', 'file', '-f', 'key'], { input: 'what is signed' })
      writeFileSync(at('signature'), signature)
      writeFileSync(at('signers'), `me ${readFileSync(at('key.pub'), 'utf8')}`)
      const check = ['-Y', 'verify', '-f', 'signers', '-I', 'me', '-n', 'file', '-s', 'signature']
      expect(await successful('ssh-keygen', check, { input: 'what is signed' })).match(/^Good "file" signature for me/)
      const other = await run({
        program: 'ssh-keygen', arguments: ['ssh-keygen', ...check], workingDirectory: new Path(folder), environment: { PATH: process.env['PATH'] }, input: 'something else'
      })
      expect(other.exitCode).equal(255)
    })
  })

  describe('gpg-agent, which is handed a socket as systemd does it', () => {
    before(function () { if (!has('gpg-agent')) this.skip() })

    it('finds LISTEN_PID to be its own, and serves', async () => {
      mkdirSync(at('home'), { mode: 0o700 })
      const acceptor = stream.listen(at('socket'))
      const listening = acceptor.release()
      await using agent = await spawn({
        program: 'gpg-agent',
        arguments: ['gpg-agent', '--homedir', at('home'), '--supervised'],
        environment: { PATH: process.env['PATH'], LISTEN_FDS: '1', LISTEN_FDNAMES: 'std', LISTEN_PID: '\0pid' },
        stdin: 'ignore',
        stdout: 'ignore',
        stderr: 'pipe',
        extraFds: { 3: listening }
      })
      listening.close()
      using client = await stream.dial(at('socket'))
      const greeting = new Uint8Array(1000)
      expect(text(greeting.subarray(0, await client.readSome(greeting)))).match(/^OK Pleased to meet you/)
      expect(agent.pid).above(0)
    })
  })

  describe('bash under a terminal, with control of its jobs', () => {
    before(function () { if (!has('bash')) this.skip() })

    it('stops, resumes and ends them', async () => {
      const [terminal, slave] = ptypair()
      using keyboard = terminal
      const child = await spawn({
        program: 'bash',
        arguments: ['bash', '--norc', '--noprofile', '-i'],
        environment: { PATH: process.env['PATH'], PS1: '$ ', TERM: 'dumb' },
        stdin: slave,
        stdout: slave,
        stderr: slave,
        startNewSession: true,
        setCtty: slave
      })
      slave.close()
      let screen = ''
      const buffer = new Uint8Array(1024)
      const sees = async (what: RegExp): Promise<void> => {
        for (;;) {
          const found = what.exec(screen)
          if (found !== null) return void (screen = screen.slice(found.index + found[0].length))
          screen += text(buffer.subarray(0, await keyboard.readSome(buffer)))
        }
      }
      const type = async (what: string): Promise<void> => { await writeAll(keyboard, what) }
      await sees(/\$ /)
      // What is typed is seen, too, and so is not what is waited for.
      // A job that forks could be stopped between vfork and exec, which nobody sees.
      const job = 'bash -c \'exec 9<> <(:); trap "echo resu""med" CONT; echo be"gun"; while :; do read -t 1 -u 9; done\'\n'
      await type(job)
      await sees(/begun/)
      await type('\x1a')
      await sees(/\[1\]\+ +Stopped/)
      await type('fg\n')
      await sees(/resumed/)
      await type('\x03')
      await sees(/\$ /)
      await type('echo status $?\n')
      await sees(/status 130/)
      await type(job)
      await sees(/begun/)
      await type('\x1a')
      await sees(/\[1\]\+ +Stopped/)
      await type('bg\n')
      await sees(/resumed/)
      await type('jobs\n')
      await sees(/\[1\]\+ +Running/)
      await type('kill %1; wait %1; echo status $?; exit 7\n')
      await sees(/status 143/)
      await child.wait()
      expect(child.exitCode).equal(7)
    })
  })
})
