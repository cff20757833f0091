// SPDX-License-Identifier: MIT OR BSL-1.0
// Ways out of a sandbox that sandbox.test.ts does not try.
import { execFileSync, spawn as spawnInNode } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Sandbox, systemPaths, type Policy, type RunResult } from '@emilua/sandbox'
import { expect } from 'chai'

const system = systemPaths()
const environment = { PATH: '/usr/bin:/bin' }
const root = fileURLToPath(new URL('../../..', import.meta.url))
const is64 = process.arch === 'x64'

for (const foundation of ['namespaces', 'process'] as const) {
  describe(`a guest that wants out, ${foundation}`, function () {
    this.timeout(60_000)
    let folder: string
    beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-')) })
    afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

    const run = (program: string, words: string[], policy: Policy = {}): Promise<RunResult> =>
      new Sandbox({ read: system, foundation, limits: { seconds: 30 }, ...policy }).run({ program, arguments: [program, ...words], environment })
    const perl = (script: string, policy: Policy = {}): Promise<RunResult> => run('perl', ['-e', script], policy)

    it('has its streams and no other descriptor, whatever its parent has', async () => {
      const held = Array.from({ length: 5 }, () => openSync('/', 'r'))
      try {
        const { stdout } = await perl('for (0 .. 1023) { if (open my $f, "<&", $_) { push @open, $_ } } print join ",", @open')
        expect(stdout.toString()).equal('0,1,2')
        // Also where they are not close-on-exec.
        const inherited = execFileSync('sh', ['-c', 'exec 7</ 8</etc/passwd; exec "$0" "$1"', join(root, 'native-core/build/release/emilua'), program(`
          local sandbox = require 'sandbox'
          local guest = sandbox.new{ read = sandbox.system_paths(), foundation = '${foundation}' }:spawn{
            program = 'perl', arguments = {'perl', '-e', 'for (0 .. 1023) { if (open my $f, "<&", $_) { push @open, $_ } } print join ",", @open'},
            environment = { PATH = '/usr/bin:/bin' }, stdout = 'share' }
          guest:wait()`)], { encoding: 'utf8' })
        expect(inherited).equal('0,1,2')
      } finally {
        for (const fd of held) closeSync(fd)
      }
    })

    function program (source: string): string {
      writeFileSync(join(folder, 'program.lua'), source)
      return join(folder, 'program.lua')
    }

    it('gets no further up by a folder that it has', async () => {
      mkdirSync(join(folder, 'given'))
      writeFileSync(join(folder, 'secret'), 'a secret')
      const { stdout } = await perl(`
        opendir my $d, "${folder}/given" or die $!;
        for (1 .. 20) { chdir $d if $_ == 1; syscall(${is64 ? 81 : 50}, fileno $d); chdir ".." }
        print -e "${folder}/secret" && open(my $f, "<", "${folder}/secret") ? <$f> : "none", " ";
        chdir $d; print open($f, "<", "../secret") ? <$f> : "none", " ";
        my $p = "../secret"; my $fd = syscall(${is64 ? 257 : 56}, fileno $d, $p, 0); print $fd < 0 ? "none" : "got it", " ";
        print open($f, "<", "/etc/passwd") ? "passwd" : "none";
      `, { read: [...system, join(folder, 'given')] })
      expect(stdout.toString()).equal('none none none none')
    })

    it('sees neither environment nor memory of who started it', async () => {
      const { stdout } = await perl(`
        my @parents = (${process.pid}, 1, getppid);
        for my $pid (@parents) {
          for my $name ("environ", "mem", "maps", "auxv", "root/etc/passwd", "cwd/secret", "fd/0") {
            print "$pid/$name " if open(my $f, "<", "/proc/$pid/$name") && defined(sysread $f, my $x, 1) && length $x;
          }
        }
        print "done";
      `, foundation === 'process' ? { read: [...system, '/proc'] } : {})
      expect(stdout.toString().replaceAll('1/environ ', '')).equal('done')
    })

    it('gets no rights by a program that is setuid', async () => {
      // Whoever is not root has no program of somebody else's to make so.
      copyFileSync('/usr/bin/id', join(folder, 'id'))
      chmodSync(folder, 0o755)
      chmodSync(join(folder, 'id'), 0o6755)
      const [real, effective] = (await run(join(folder, 'id'), ['-u'], { read: [...system, folder] })).stdout.toString().trim().split('\n').concat(String(process.getuid!()))
      expect(real).equal(effective)
      if (process.getuid!() !== 0) return
      const said = execFileSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', join(root, 'native-core/build/release/emilua'), program(`
        local sandbox = require 'sandbox'
        local paths = sandbox.system_paths()
        paths[#paths + 1] = '${folder}'
        local guest = sandbox.new{ read = paths, foundation = '${foundation}' }:spawn{
          program = '${join(folder, 'id')}', arguments = {'id', '-u'}, environment = {}, stdout = 'share' }
        guest:wait()`)], { encoding: 'utf8' })
      expect(said).equal('65534\n')
    })

    it('wins no race of links and renames in a folder that it may write to', async () => {
      mkdirSync(join(folder, 'given/real'), { recursive: true })
      writeFileSync(join(folder, 'given/real/file'), 'public')
      writeFileSync(join(folder, 'file'), 'a secret')
      // One process exchanges a folder with a link to what lies outside, another one opens what is below, all the time.
      const { stdout } = await perl(`
        chdir "${folder}/given" or die $!;
        symlink "..", "link" or die $!;
        my ($a, $b) = ("real", "link");
        my $child = fork;
        if (!$child) { while (1) { syscall(${is64 ? 316 : 276}, -100, $a, -100, $b, 2) } }
        my %seen;
        for (1 .. 20000) { if (open my $f, "<", "real/file") { $seen{<$f>}++ } else { $seen{$!+0}++ } }
        kill "KILL", $child;
        print join "|", sort keys %seen;
      `, { write: [join(folder, 'given')] })
      expect(stdout.toString()).include('public').and.not.include('secret')
    })

    it('does not get out when the folder that it is in is moved elsewhere', async () => {
      for (const name of ['given/sub', 'outside']) mkdirSync(join(folder, name), { recursive: true })
      writeFileSync(join(folder, 'outside/secret'), 'a secret')
      writeFileSync(join(folder, 'given/sub/here'), 'here')
      await using guest = await new Sandbox({ read: [...system, join(folder, 'given')], foundation }).spawn({
        program: 'perl',
        arguments: ['perl', '-e', `
          $| = 1; chdir "${folder}/given/sub" or die $!; print "in it\n"; <STDIN>;
          print open(my $f, "<", "../secret") ? <$f> : "none", " ";
          print chdir("..") && open($f, "<", "secret") ? <$f> : "none", "\n"`],
        environment,
        stdin: 'pipe',
        stdout: 'pipe'
      })
      const buffer = new Uint8Array(100)
      const next = async (): Promise<string> => new TextDecoder().decode(buffer.subarray(0, await guest.stdout.readSome(buffer)))
      expect(await next()).equal('in it\n')
      renameSync(join(folder, 'given/sub'), join(folder, 'outside/sub'))
      await guest.stdin.writeSome(new Uint8Array([10]))
      let said = ''
      while (!said.endsWith('\n')) said += await next()
      expect(said).equal('none none\n')
    })

    it('is not waited for when it never reads, and not kept when it never stops writing', async () => {
      const box = new Sandbox({ read: system, foundation, limits: { seconds: 1 } })
      const deaf = await box.run({ program: 'sleep', arguments: ['sleep', '100'], environment, input: 'x'.repeat(10 << 20) })
      expect(deaf).include({ limit: 'seconds' })
      const loud = await box.run({ program: 'sh', arguments: ['sh', '-c', 'yes & yes >&2'], environment, limit: 1000 })
      expect(loud).include({ limit: 'seconds', truncated: true })
      expect(loud.stdout.length).equal(1000)
      expect(loud.stderr.length).equal(1000)
    })

    it('is over soon after its program is killed, wherever in its start that was', async () => {
      const marker = `7${process.pid}${Date.now() % 100000}`
      const source = program(`
        local sandbox = require 'sandbox'
        local box = sandbox.new{ read = sandbox.system_paths(), foundation = '${foundation}', limits = { processes = 10 } }
        while true do
          box:spawn{ program = 'sh', arguments = {'sh', '-c', 'setsid sleep ${marker} & sleep ${marker}'}, environment = { PATH = '/usr/bin:/bin' } }
        end`)
      const running = (): boolean => readdirSync('/proc').filter(name => /^\d+$/.test(name)).some(pid => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker)
        } catch {
          return false
        }
      })
      for (let i = 0; i < 12; i++) {
        const child = spawnInNode(join(root, 'native-core/build/release/emilua'), [source], { stdio: 'ignore' })
        const begun = performance.now()
        while (performance.now() - begun < 4 + i * 3) await new Promise(resolve => setImmediate(resolve))
        child.kill('SIGKILL')
        await once(child, 'exit')
        while (running()) await new Promise(resolve => setImmediate(resolve))
      }
    })
  })
}
