// SPDX-License-Identifier: MIT OR BSL-1.0
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Sandbox, systemPaths, type Policy, type RunResult } from '@emilua/sandbox'
import { expect } from 'chai'
import { descriptorsAhead, foundations } from './foundations.js'

const system = systemPaths()
const environment = { PATH: '/usr/bin:/bin' }

for (const foundation of foundations) {
  describe(`a guest whose refusals are explained, ${foundation}`, () => {
    let folder: string
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'emilua-'))
      mkdirSync(join(folder, 'out'))
      writeFileSync(join(folder, 'secret'), 'a secret')
      writeFileSync(join(folder, 'tool'), '#!/bin/sh\necho a tool\n', { mode: 0o755 })
    })
    afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

    const shell = (script: string, policy: Policy = {}): Promise<RunResult> =>
      new Sandbox({ read: system, foundation, explain: true, ...policy })
        .run({ program: 'sh', arguments: ['sh', '-c', script], environment })
    const told = ({ refused }: RunResult): string[] => refused.map(({ operation, target, field, value }) => `${operation} ${target}: ${field} ${value}`)

    it('says which files it asked for, and what would allow it', async () => {
      const result = await shell(`
        cat ${folder}/secret; cat ${folder}/secret; (echo x > ${folder}/out/new); (echo x >> ${folder}/secret); mkdir ${folder}/out/made; ${folder}/tool; cat ${folder}/none; true
      `)
      expect(result.exitCode).equal(0)
      expect(told(result)).include.members([
        `read ${folder}/secret: read ${folder}/secret`,
        `write ${folder}/out/new: write ${folder}/out`,
        `write ${folder}/secret: write ${folder}/secret`,
        `write ${folder}/out/made: write ${folder}/out`,
        `execute ${folder}/tool: execute ${folder}/tool`
      ])
      expect(result.refused.find(({ operation, target }) => operation === 'read' && target === `${folder}/secret`)!.count).least(2)
      expect(told(result).join()).not.include('none').and.not.include('/dev/null')
    })

    it('has nothing to say when the policy has what it says', async () => {
      const first = await shell(`cat ${folder}/secret; (echo x > ${folder}/out/new); ${folder}/tool; true`)
      const policy = { read: [...system], write: [] as string[], execute: [...system] }
      for (const { field, value } of first.refused) policy[field as 'read'].push(value)
      const second = await shell(`set -e; cat ${folder}/secret; echo x > ${folder}/out/new; ${folder}/tool`, policy)
      expect(second.stderr.toString()).equal('')
      expect(second.stdout.toString()).equal('a secreta tool\n')
      expect(told(second)).deep.equal([])
    })

    it('takes nothing that is its own for a file of whoever started it', async () => {
      const result = await shell('cat /proc/mounts /proc/net/dev /proc/thread-self/comm; cat /dev/stdin /dev/fd/0; (: > /dev/stderr); true')
      expect(told(result).filter(line => / \/(proc|dev)\//.test(line))).deep.equal([])
      expect(result.refused.filter(({ target }) => /^\/(proc|dev)\//.test(target))).deep.equal([])
    })

    it('says that memory which is shared by name is the host\'s', async () => {
      const path = `/dev/shm/emilua-${process.pid}-none`
      expect(told(await shell(`(: > ${path}); true`))).include(`write ${path}: write /dev/shm`)
    })

    it('follows working directories, folders by number and links', async () => {
      symlinkSync(join(folder, 'secret'), join(folder, 'out/link'))
      const result = await shell(`
        cd ${folder}/out || exit 1; cat link ../secret
        perl -e 'opendir my $d, "." or die; my $p = "../tool"; syscall(${process.arch === 'x64' ? 257 : 56}, fileno $d, $p, 0)'
      `, { read: [...system, join(folder, 'out')] })
      expect(told(result)).include.members([
        `read ${folder}/out/link: read ${folder}/secret`,
        `read ${folder}/out/../secret: read ${folder}/secret`,
        `read ${folder}/out/../tool: read ${folder}/tool`
      ])
    })

    it('names what is beside a copy, and in it, as it lies outside', async () => {
      writeFileSync(join(folder, 'out/tool'), '#!/bin/sh\n', { mode: 0o755 })
      const result = await shell('cat ../secret; ../tool; ./tool; cat ./tool; cp tool made; ./made; ln -s /usr/bin/true link; ./link; ./none; true', { copyOnWrite: join(folder, 'out') })
      expect(told(result)).include.members([
        `read ${folder}/out/../secret: read ${folder}/secret`,
        `execute ${folder}/out/../tool: execute ${folder}/tool`,
        `execute ${folder}/out/./tool: execute ${folder}/out/tool`,
        // Outside there is no such file.
        `execute ${folder}/out/./made: execute ${folder}/out`
      ])
      expect(told(result).join()).not.include('emilua-copy').and.not.include('link').and.not.include('none')
      const allowed = await shell('./tool; cp tool made; ./made', { copyOnWrite: join(folder, 'out'), execute: [...system, join(folder, 'out')] })
      expect(told(allowed).filter(line => line.startsWith('execute'))).deep.equal([])
      expect(allowed.exitCode).equal(0)
    })

    if (foundation === 'namespaces') {
      it('says that what is written to its own /tmp is not run, and by what it is', async () => {
        const script = 'cp /bin/true /tmp/made; /tmp/made; echo $?'
        const result = await shell(script, { temporary: 1 << 20 })
        expect(result.stdout.toString()).equal('126\n')
        expect(told(result)).include('execute /tmp/made: execute /tmp')
        expect(told(await shell(script, { temporary: 1 << 20, read: ['/'] }))).include('execute /tmp/made: execute /tmp')
        const allowed = await shell(script, { temporary: 1 << 20, execute: [...system, '/tmp'] })
        expect(allowed.stdout.toString()).equal('0\n')
        expect(told(allowed).filter(line => line.startsWith('execute'))).deep.equal([])
      })
    }

    it('weakens nothing, whatever the arguments become', async () => {
      // Two processes share a page: one writes paths into it, the other opens what it says, by the call itself.
      writeFileSync(join(folder, 'public'), 'public')
      const [mmap, read, open] = process.arch === 'x64' ? [9, 0, 257] : [222, 63, 56]
      const { stdout } = await shell(`perl -e '
        my ($good, $bad) = map { $_ . chr(0) } "${folder}/public", "${folder}/secret";
        my $page = syscall(${mmap}, 0, 4096, 3, 0x21, -1, 0);
        pipe(my $r, my $w);
        my $child = fork;
        if (!$child) { while (1) { for ($good, $bad) { syswrite $w, $_; syscall(${read}, fileno $r, $page, length $_) } } }
        my %seen;
        for (my $i = 0; $i < 400 || !($seen{public} && keys %seen > 1 || $i > 1e6); $i++) {
          my $fd = syscall(${open}, -100, $page, 0);
          if ($fd >= 0) { open my $f, "<&=", $fd; $seen{join "", <$f>}++ } else { $seen{$!}++ }
        }
        kill "KILL", $child;
        print join "|", sort keys %seen;
      '`, { read: [...system, join(folder, 'public')] })
      expect(stdout.toString()).include('public').and.not.include('a secret')
    }).timeout(20_000)

    it('is not held by calls that name nothing', async () => {
      const { stdout, refused } = await shell(`perl -e '
        syscall(${process.arch === 'x64' ? 257 : 56}, $_, $_, 0) for -1, 0, 1, 4095, 1 << 46;
        my $long = "x" x 5000; syscall(${process.arch === 'x64' ? 257 : 56}, -100, $long, 0);
        for my $n (1 .. 300) { open my $f, "<", "${folder}/../" . ("./" x $n) . "${folder.slice(5)}/secret" }
        print "done"
      '`)
      expect(stdout.toString()).equal('done')
      expect(refused.length).within(1, 256)
    })

    it('can be ended while it asks', async () => {
      const box = new Sandbox({ read: system, foundation, explain: true })
      const descriptors = (): number => readdirSync('/proc/self/fd').length
      await shell('')
      const before = descriptors() + descriptorsAhead
      for (let i = 0; i < 10; i++) {
        await using guest = await box.spawn({ program: 'sh', arguments: ['sh', '-c', 'while :; do cat /etc/hosts; done'], environment })
        expect(guest.pid).above(0)
      }
      for (let i = 0; i < 1000 && descriptors() > before; i++) await new Promise(resolve => setImmediate(resolve))
      expect(descriptors()).most(before)
    })

    it('knows rules for the network, too', async () => {
      const result = await shell(`cat ${folder}/secret; perl -MSocket -e 'socket(my $s, PF_INET, SOCK_STREAM, 0); connect($s, sockaddr_in(80, inet_aton("192.0.2.9"))) or print "$!"'`, { network: { allow: ['192.0.2.1:443'] } })
      expect(result.stdout.toString()).equal('Permission denied')
      expect(told(result)).include.members([`read ${folder}/secret: read ${folder}/secret`, 'connect 192.0.2.9:80: network.allow 192.0.2.9:80'])
    })

    it('says where it would connect to that has no network at all', async () => {
      const result = await shell(`perl -MSocket -e 'my $s; socket($s, PF_INET, SOCK_STREAM, 0) && connect($s, sockaddr_in(80, inet_aton("192.0.2.9"))) or print "$!"'`)
      // Landlock says no where it knows of connections, or else the network has no way there.
      expect(result.stdout.toString()).match(foundation === 'namespaces' ? /^(Permission denied|Network is unreachable)$/ : /^Operation not permitted$/)
      // In a process there is no socket to begin with.
      expect(told(result).filter(line => line.startsWith('connect'))).deep.equal(foundation === 'namespaces' ? ['connect 192.0.2.9:80: network.allow 192.0.2.9:80'] : [])
    })

    it('tells nothing of what nobody may, and nothing unasked', async () => {
      chmodSync(join(folder, 'tool'), 0o644)
      expect(told(await shell(`${folder}/tool`)).join()).not.include('execute')
      expect((await shell(`cat ${folder}/secret`, { explain: false })).refused).deep.equal([])
    })
  })
}
