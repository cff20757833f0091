// SPDX-License-Identifier: MIT OR BSL-1.0
// Ways out of a sandbox that sandbox.test.ts does not try.
import { execFileSync, spawn as spawnInNode } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Sandbox, systemPaths, type Policy, type RunResult } from '@emilua/sandbox'
import { expect } from 'chai'
import { foundations, onNamespaces, processesAreCounted } from './foundations.js'

const system = systemPaths()
const environment = { PATH: '/usr/bin:/bin' }
const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Whether there is somebody else to be: in a user namespace there may not. */
const hasUsers = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/)[2] !== '1'
const is64 = process.arch === 'x64'

const isRunning = (marker: string): boolean => readdirSync('/proc').filter(name => /^\d+$/.test(name)).some(pid => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker)
  } catch {
    return false
  }
})

for (const foundation of foundations) {
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

    it('finds what its policy names now, not what the guest before had', async () => {
      const at = join(folder, 'at'), link = join(folder, 'link')
      const fill = (text: string): void => {
        mkdirSync(at)
        writeFileSync(join(at, 'which'), text)
      }
      fill('0')
      symlinkSync(at, link)
      const box = new Sandbox({ read: [...system, link], foundation })
      const which = async (): Promise<string> => {
        const { stdout, stderr } = await box.run({ program: 'cat', arguments: ['cat', join(link, 'which')], environment })
        return stdout.toString() + stderr.toString()
      }
      for (let i = 0; i < 4; i++) expect(await which()).equal('0')
      for (let i = 1; i < 6; i++) {
        renameSync(at, `${at}${i}`)
        fill(`${i}`)
        expect(await which()).equal(`${i}`)
        expect(await which()).equal(`${i}`)
      }
      rmSync(link)
      symlinkSync(`${at}1`, link)
      const error = await which().then(() => undefined, (e: unknown) => e as { code?: string })
      // In a process there are no links of a guest's own: what is no part of the policy is not read.
      if (error) expect(error.code).equal('ELOOP')
      else expect(await which()).match(/Permission denied/)
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
      if (process.getuid!() !== 0 || !hasUsers) return
      const said = execFileSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', join(root, 'native-core/build/release/emilua'), program(`
        local sandbox = require 'sandbox'
        local paths = sandbox.system_paths()
        paths[#paths + 1] = '${folder}'
        local guest = sandbox.new{ read = paths, foundation = '${foundation}' }:spawn{
          program = '${join(folder, 'id')}', arguments = {'id', '-u'}, environment = {}, stdout = 'share' }
        guest:wait()`)], { encoding: 'utf8' })
      expect(said).equal('65534\n')
    })

    it('changes nothing of processes, memory and files of the host', async () => {
      for (const name of ['given', 'other']) writeFileSync(join(folder, name), 'a secret', { mode: 0o600 })
      const victim = spawnInNode('sleep', ['100'])
      const [segment, queue] = execFileSync('perl', ['-e', `
        my $s = shmget(0, 4096, 01600); shmwrite $s, "a secret", 0, 8 or die; my $q = msgget(0, 01600); msgsnd $q, pack("l! a*", 1, "a secret"), 0 or die; print "$s $q"`],
      { encoding: 'utf8' }).split(' ').map(Number) as [number, number]
      const calls = is64
        ? { prlimit: 302, priority: 141, affinity: 203, scheduler: 144, io: 251, truncate: 76, chmod: 268, openat: 257 }
        : { prlimit: 261, priority: 140, affinity: 122, scheduler: 119, io: 30, truncate: 45, chmod: 53, openat: 56 }
      try {
        const { stdout, stderr } = await perl(`
          use Fcntl; use Socket;
          my ($given, $other, $limit, $mask, $idle, $read) = ("${folder}/given", "${folder}/other", pack("QQ", 5, 5), pack("Q", 1), pack("i", 0), "");
          sub try { my $name = shift; my $call = shift; print "$name " if syscall($call, @_) >= 0 }
          try("prlimit", ${calls.prlimit}, ${victim.pid}, 7, $limit, 0);
          try("prlimit of init", ${calls.prlimit}, getppid(), 7, $limit, 0);
          try("setpriority", ${calls.priority}, 0, ${victim.pid}, 19);
          try("affinity", ${calls.affinity}, ${victim.pid}, 8, $mask);
          try("scheduler", ${calls.scheduler}, ${victim.pid}, 5, $idle);
          try("ioprio", ${calls.io}, 1, ${victim.pid}, 3 << 13);
          try("truncate", ${calls.truncate}, $_, 1) for $given, $other;
          try("chmod", ${calls.chmod}, -100, $_, 0777) for $given, $other;
          try("open $_", ${calls.openat}, -100, $given, $_) for O_RDONLY | O_TRUNC, 3 | O_TRUNC;
          try("open $_", ${calls.openat}, -100, $other, $_) for 3, 3 | O_TRUNC;
          utime 0, 0, $given and print "utime ";
          open my $read_only, "<", $given or die $!; $SIG{IO} = "IGNORE"; fcntl $read_only, 1024, F_RDLCK and print "lease ";
          my ($flags, $attributes) = (pack("Q", 0x40), pack("L7", 0x80));
          ioctl $read_only, 0x40086602, $flags and print "flags ";
          ioctl $read_only, 0x401c5820, $attributes and print "attributes ";
          print "memory " if shmread ${segment}, $read, 0, 8;
          print "queue " if msgrcv ${queue}, $read, 100, 0, 04000;
          socketpair my $a, my $b, AF_UNIX, SOCK_STREAM, 0 or die $!;
          fcntl $a, F_SETOWN, ${victim.pid}; fcntl $a, 10, 9;
          my $owner = pack "i", ${victim.pid}; ioctl $a, 0x8901, $owner;
          fcntl $a, F_SETFL, fcntl($a, F_GETFL, 0) | O_ASYNC;
          syswrite $b, "x"; sysread $a, $read, 1;
          print "done";
        `, { read: [...system, join(folder, 'given')] })
        expect(stderr.toString()).equal('')
        expect(stdout.toString()).equal('done')
        expect(victim.exitCode ?? victim.signalCode).equal(null)
        expect(readFileSync(`/proc/${victim.pid}/stat`, 'utf8')).match(/^\d+ \(sleep\) [SR] /)
        for (const name of ['given', 'other']) {
          expect(readFileSync(join(folder, name), 'utf8')).equal('a secret')
          expect(statSync(join(folder, name)).mode & 0o777).equal(0o600)
        }
      } finally {
        victim.kill('SIGKILL')
        execFileSync('perl', ['-e', `shmctl ${segment}, 0, 0; msgctl ${queue}, 0, 0`])
      }
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

    it('is refused a path of its policy that has become a link, whichever part of it', async () => {
      mkdirSync(join(folder, 'above/given'), { recursive: true })
      mkdirSync(join(folder, 'secrets/given'), { recursive: true })
      for (const part of ['above/given', 'secrets/given']) writeFileSync(join(folder, part, 'file'), part)
      symlinkSync('above', join(folder, 'link'))
      const box = (path: string): Sandbox => new Sandbox({ read: [...system, join(folder, path)], foundation })
      const read = (of: Sandbox, path: string): Promise<RunResult> => of.run({ program: 'cat', arguments: ['cat', join(folder, path, 'file')], environment })
      const [whole, last, first, later] = [box('link/given'), box('above/given'), box('above/given'), box('above/later')]
      expect((await read(whole, 'link/given')).stdout.toString()).equal('above/given')
      const refused = async (attempt: Promise<unknown>, path: string): Promise<void> => {
        const error = await attempt.then(() => ({}), (e: unknown) => e)
        expect(error).include({ code: 'ELOOP', path: join(folder, path) })
        expect(error).property('message').match(/it leads elsewhere than when the policy was made$/)
      }
      const exchange = async (path: string, target: string, during: () => Promise<void>): Promise<void> => {
        renameSync(join(folder, path), join(folder, 'aside'))
        symlinkSync(join(folder, target), join(folder, path))
        await during()
        rmSync(join(folder, path))
        renameSync(join(folder, 'aside'), join(folder, path))
      }
      await exchange('above/given', 'secrets/given', () => refused(read(last, 'above/given'), 'above/given'))
      await exchange('above', 'secrets', () => refused(read(first, 'above/given'), 'above/given'))
      // Also a link that was one then. Landlock has what it led to, and no names.
      await exchange('link', 'secrets', async () => {
        if (foundation === 'namespaces') await refused(read(whole, 'link/given'), 'link/given')
        else expect((await read(whole, 'link/given')).stdout.toString()).equal('')
      })
      symlinkSync(join(folder, 'secrets/given'), join(folder, 'above/later'))
      await refused(read(later, 'above/later'), 'above/later')
      for (const again of [last, first]) expect((await read(again, 'above/given')).stdout.toString()).equal('above/given')
    })

    it('never gets what a path of its policy is exchanged for while it starts', async () => {
      mkdirSync(join(folder, 'real'))
      mkdirSync(join(folder, 'secrets'))
      writeFileSync(join(folder, 'real/file'), 'public')
      writeFileSync(join(folder, 'secrets/file'), 'a secret')
      symlinkSync('secrets', join(folder, 'link'))
      const box = new Sandbox({ read: [...system, join(folder, 'real')], foundation })
      const exchanging = spawnInNode('perl', ['-e', `
        my ($a, $b) = ("${folder}/real", "${folder}/link");
        print "runs"; $| = 1; print "\n";
        while (1) { syscall(${is64 ? 316 : 276}, -100, $a, -100, $b, 2) }`], { stdio: ['ignore', 'pipe', 'inherit'] })
      try {
        await once(exchanging.stdout, 'data')
        const seen = new Set<string>()
        for (let i = 0; i < 200 || !(seen.has('public') && seen.has('ELOOP')); i++) {
          const outcome = await box.run({ program: 'cat', arguments: ['cat', join(folder, 'real/file')], environment })
            .then(({ stdout }) => stdout.toString(), (error: { code: string }) => error.code)
          seen.add(outcome)
        }
        expect([...seen].filter(each => each.includes('secret'))).deep.equal([])
      } finally {
        exchanging.kill('SIGKILL')
        await once(exchanging, 'exit')
      }
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

    it('is over soon after its program is killed, with all that its actor has started', async () => {
      const marker = `6${process.pid}${Date.now() % 100000}`
      const child = spawnInNode(join(root, 'native-core/build/release/emilua'), [program(`
        local sandbox, fs = require 'sandbox', require 'filesystem'
        local actor = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = {
          sandbox = sandbox.new{ read = sandbox.system_paths(), foundation = '${foundation}' },
          source_tree_cache = { ['guest.lua'] = [[
            local system, fs = require 'system', require 'filesystem'
            system.spawn{ program = fs.path.new('/bin/sleep'), arguments = {'sleep', '${marker}'} }
            require 'inbox':receive()
          ]] } } }
        print(actor:closed())`)], { stdio: ['ignore', 'ignore', 'inherit'] })
      while (!isRunning(marker)) {
        expect(child.exitCode).equal(null)
        await new Promise(resolve => setImmediate(resolve))
      }
      child.kill('SIGKILL')
      await once(child, 'exit')
      while (isRunning(marker)) await new Promise(resolve => setImmediate(resolve))
    })

    it('is over soon after its program is killed, wherever in its start that was', async () => {
      const marker = `7${process.pid}${Date.now() % 100000}`
      const limits = foundation === 'namespaces' || await processesAreCounted() ? '{ processes = 10 }' : '{}'
      const source = program(`
        local sandbox = require 'sandbox'
        local box = sandbox.new{ read = sandbox.system_paths(), foundation = '${foundation}', limits = ${limits} }
        while true do
          box:spawn{ program = 'sh', arguments = {'sh', '-c', 'setsid sleep ${marker} & sleep ${marker}'}, environment = { PATH = '/usr/bin:/bin' } }
        end`)
      for (let i = 0; i < 12; i++) {
        const child = spawnInNode(join(root, 'native-core/build/release/emilua'), [source], { stdio: 'ignore' })
        const begun = performance.now()
        while (performance.now() - begun < 4 + i * 3) await new Promise(resolve => setImmediate(resolve))
        child.kill('SIGKILL')
        await once(child, 'exit')
        while (isRunning(marker)) await new Promise(resolve => setImmediate(resolve))
      }
    })
  })
}

describe('mounts of a guest', () => {
  onNamespaces("are its own, where all of the host's are shared", () => {
    const folder = mkdtempSync(join(tmpdir(), 'emilua-'))
    mkdirSync(join(folder, 'given'))
    const said = execFileSync('unshare', ['--user', '--map-root-user', '--mount', '--propagation', 'shared', process.execPath, '--input-type=module', '-e', `
      import { execFileSync } from 'node:child_process'
      import { readFileSync, writeFileSync } from 'node:fs'
      import { Sandbox, systemPaths } from '@emilua/sandbox'
      const mounts = () => readFileSync('/proc/self/mountinfo', 'utf8')
      const before = mounts()
      const box = new Sandbox({ read: systemPaths(), write: ['${folder}/given'], temporary: 1 << 20, foundation: 'namespaces' })
      const guest = await box.spawn({ program: 'sh', arguments: ['sh', '-c', 'echo up; read x; cat ${folder}/given/file 2>/dev/null || echo none; grep -cE "shared:|master:" /proc/self/mountinfo'],
        environment: { PATH: '/usr/bin:/bin' }, stdin: 'pipe', stdout: 'pipe' })
      const buffer = new Uint8Array(100)
      const next = async () => new TextDecoder().decode(buffer.subarray(0, await guest.stdout.readSome(buffer)))
      let said = await next()
      const during = mounts()
      execFileSync('mount', ['-t', 'tmpfs', 'none', '${folder}/given'])
      writeFileSync('${folder}/given/file', 'seen')
      await guest.stdin.writeSome(new Uint8Array([10]))
      while (!/^\\d+$/m.test(said)) said += await next()
      await guest.wait()
      console.log(JSON.stringify({ shared: / shared:\\d+ /.test(before), same: during === before, said }))
    `], { encoding: 'utf8', cwd: import.meta.dirname, env: { ...process.env, EMILUA_SHUFFLE: undefined, NODE_OPTIONS: undefined } })
    rmSync(folder, { recursive: true })
    expect(JSON.parse(said)).deep.equal({ shared: true, same: true, said: 'up\nnone\n0\n' })
  }).timeout(60_000)
})
