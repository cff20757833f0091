// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmiluaError } from '@emilua/errors'
import { Sandbox, systemPaths, type FolderChange, type Policy, type RunResult } from '@emilua/sandbox'
import { spawnVm } from '@emilua/runtime'
import { expect } from 'chai'
import { foundations, onBoth, onNamespaces } from './foundations.js'

const system = systemPaths()
const environment = { PATH: '/usr/bin:/bin' }

/** Runs a program in a Node of its own. */
function node (source: string): void {
  execFileSync(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'ignore', 'inherit'], cwd: import.meta.dirname })
}

const projects = tmpdir()
let place: string

/** Has the copies of a suite lie where nobody else's do. */
function copiesApart (): void {
  const inherited = process.env.TMPDIR
  before(() => { process.env.TMPDIR = place = mkdtempSync('/var/tmp/emilua-copies-') })
  after(() => {
    if (inherited === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = inherited
    rmSync(place, { recursive: true })
  })
}

const copies = (): string[] => readdirSync(place).filter(name => name.startsWith('emilua-copy-'))

async function failure (attempt: () => Promise<unknown> | unknown): Promise<EmiluaError> {
  try {
    await attempt()
  } catch (error) {
    return error as EmiluaError
  }
  throw new Error('nothing failed')
}

function shell (box: Sandbox, script: string): Promise<RunResult> {
  return box.run({ program: 'sh', arguments: ['sh', '-c', script], environment })
}

/** Runs `script` in a sandbox in which `sh` does not complain. */
async function done (box: Sandbox, script: string): Promise<string> {
  const { stdout, stderr, exitCode } = await shell(box, `set -e\n${script}`)
  expect(stderr.toString()).equal('')
  expect(exitCode).equal(0)
  return stdout.toString()
}

const told = (all: FolderChange[]): string[] => all.map(({ path, change, type, size }) => `${change} ${type} ${path} ${size}`)

/** All that is in a folder, with what it has. */
function everything (folder: string): string[] {
  return execFileSync('sh', ['-c', 'find . -mindepth 1 -printf "%P %y %m %l\\n" | sort'], { cwd: folder, encoding: 'utf8' }).split('\n').filter(Boolean)
}

for (const foundation of foundations) {
  describe(`a folder that is copied on writing, ${foundation}`, () => {
    copiesApart()
    let folder: string
    let outside: string
    beforeEach(() => {
      outside = mkdtempSync(join(projects, 'emilua-'))
      folder = join(outside, 'project: a, b\\c')
      mkdirSync(join(folder, 'src/deep'), { recursive: true })
      mkdirSync(join(folder, 'old/inner'), { recursive: true })
      writeFileSync(join(folder, 'note'), 'a note\n')
      writeFileSync(join(folder, 'src/main'), 'main\n')
      writeFileSync(join(folder, 'src/deep/kept'), 'kept\n')
      writeFileSync(join(folder, 'old/a'), 'a')
      writeFileSync(join(folder, 'old/inner/b'), 'bb')
      symlinkSync('note', join(folder, 'link'))
      writeFileSync(join(outside, 'secret'), 'secret')
    })
    afterEach(() => { rmSync(outside, { recursive: true, force: true }) })

    const boxed = (more: Policy = {}): Sandbox => new Sandbox({ read: system, foundation, copyOnWrite: folder, ...more })

    it('leaves the host as it is, tells what changed, and brings it', async () => {
      const before = everything(folder)
      const box = boxed()
      expect(await done(box, `
        cat note; echo more >> note; echo new > src/new; mkdir -p made/below; printf x > made/below/x
        rm -r old; rm link; ln -s nowhere link; chmod 600 src/main; cat note
        echo same > src/deep/kept; echo kept > src/deep/kept; touch src/deep/kept
      `)).equal('a note\na note\nmore\n')
      expect(everything(folder)).deep.equal(before)
      expect(await box.changes().then(told)).deep.equal([
        'changed symlink link 7',
        'added directory made 0',
        'added directory made/below 0',
        'added regular made/below/x 1',
        'changed regular note 12',
        'removed directory old 0',
        'removed regular old/a 1',
        'removed directory old/inner 0',
        'removed regular old/inner/b 2',
        'changed regular src/main 5',
        'added regular src/new 4'
      ])
      // The next one finds what the one before left.
      expect(await done(box, 'cat src/new; ls')).equal('new\nlink\nmade\nnote\nsrc\n')
      await box.commit()
      expect(await box.changes()).deep.equal([])
      expect(readFileSync(join(folder, 'note'), 'utf8')).equal('a note\nmore\n')
      expect(readFileSync(join(folder, 'made/below/x'), 'utf8')).equal('x')
      expect(readlinkSync(join(folder, 'link'))).equal('nowhere')
      expect(existsSync(join(folder, 'old'))).equal(false)
      expect(statSync(join(folder, 'src/main')).mode & 0o777).equal(0o600)
      expect(readdirSync(folder).sort()).deep.equal(['link', 'made', 'note', 'src'])
      // And so does one after it was brought.
      expect(await done(box, 'cat note; ls')).equal('a note\nmore\nlink\nmade\nnote\nsrc\n')
    })

    it('forgets what is not wanted', async () => {
      const before = everything(folder)
      const box = boxed()
      await done(box, 'rm -r src note; echo x > x; mkdir -m 0 locked')
      expect(await box.changes()).not.deep.equal([])
      await box.discard()
      expect(await box.changes()).deep.equal([])
      expect(everything(folder)).deep.equal(before)
      expect(await done(box, 'cat note; ls')).equal('a note\nlink\nnote\nold\nsrc\n')
    })

    it('replaces files by folders and folders by others', async () => {
      const box = boxed()
      await done(box, 'rm note; mkdir note; echo x > note/x; rm -r old; echo old > old; rm -r src; mkdir src; echo y > src/y; rm link; mkdir link')
      expect(await box.changes().then(told)).deep.equal([
        'changed directory link 0', 'changed directory note 0', 'added regular note/x 2', 'changed regular old 4', 'removed regular old/a 1',
        'removed directory old/inner 0', 'removed regular old/inner/b 2', 'removed directory src/deep 0', 'removed regular src/deep/kept 5',
        'removed regular src/main 5', 'added regular src/y 2'
      ])
      await box.commit()
      expect(everything(folder).map(line => line.split(' ').slice(0, 2).join(' '))).deep.equal([
        'link d', 'note d', 'note/x f', 'old f', 'src d', 'src/y f'
      ])
    })

    it('brings modes and times, and no rights of others', async () => {
      const box = boxed()
      await done(box, 'echo x > run; chmod 6755 run; echo y > secret; chmod 0 secret; mkdir -m 500 ro; chmod 700 ro; echo z > ro/z; chmod 500 ro; touch -d @1000000000 run')
      await box.commit()
      expect(statSync(join(folder, 'run')).mode & 0o7777).equal(0o755)
      expect(statSync(join(folder, 'run')).mtimeMs).equal(1e12)
      expect(statSync(join(folder, 'secret')).mode & 0o7777).equal(0)
      expect(statSync(join(folder, 'ro')).mode & 0o7777).equal(0o500)
      expect(readFileSync(join(folder, 'ro/z'), 'utf8')).equal('z\n')
      chmodSync(join(folder, 'ro'), 0o700)
    })

    it('follows no link out of the folder', async () => {
      const box = boxed()
      await done(box, `rm -r src; ln -s ${outside} src; ln -s ${outside}/secret leak; ln -s / root; ln -s ../secret up`)
      await box.commit()
      expect(readlinkSync(join(folder, 'src'))).equal(outside)
      expect(readlinkSync(join(folder, 'root'))).equal('/')
      expect(readFileSync(join(outside, 'secret'), 'utf8')).equal('secret')
      // A folder of the host's that has become a link since.
      const next = boxed({ copyOnWrite: folder })
      mkdirSync(join(folder, 'sub'))
      writeFileSync(join(folder, 'sub/secret'), 'inside')
      const swapped = boxed()
      await done(swapped, 'echo overwritten > sub/secret; echo x > sub/x')
      renameSync(join(folder, 'sub'), join(outside, 'sub'))
      symlinkSync(outside, join(folder, 'sub'))
      // It is replaced where all that was in it was written anew, and else refused.
      if (foundation === 'process') expect(await failure(() => swapped.commit())).property('code').oneOf(['ELOOP', 'ENOTDIR'])
      else await swapped.commit()
      expect(readFileSync(join(outside, 'secret'), 'utf8')).equal('secret')
      expect(existsSync(join(outside, 'x'))).equal(false)
      await next.discard()
    })

    it('takes nothing from outside, by no kind of link', async () => {
      writeFileSync(join(outside, 'shown'), 'shown')
      const box = boxed({ read: [...system, join(outside, 'shown')] })
      const { stdout } = await shell(box, `
        ln ${outside}/shown hard 2>/dev/null && echo linked
        ln ${outside}/secret hard 2>/dev/null && echo linked
        mknod dev c 1 3 2>/dev/null && echo device; mknod white c 0 0 2>/dev/null && echo whiteout
        mkfifo fifo; perl -e 'use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0) and bind($s, pack_sockaddr_un("sock"))'
        perl -e 'syscall(${process.arch === 'x64' ? 316 : 276}, -100, "note", -100, "moved", 4) == 0 and print "whiteout\\n"'
        ls
      `)
      expect(stdout.toString().split('\n').filter(name => !['fifo', 'sock', 'link', 'note', 'old', 'src', ''].includes(name))).deep.equal([])
      await box.commit()
      expect(readdirSync(folder).sort()).deep.equal(['link', 'note', 'old', 'src'])
    })

    it('has names that are not for people', async () => {
      const box = boxed()
      await done(box, `perl -e 'for my $n ("a\\nb", " ", "-rf", "\\\\", "*", "x" x 255, "\\xff\\xfe") { open my $f, ">", $n or die "$n: $!"; print $f $n }'`)
      expect((await box.changes()).map(({ path }) => path)).include.members(['a\nb', ' ', '-rf', '\\', '*', 'x'.repeat(255)])
      await box.commit()
      expect(readdirSync(folder, 'buffer').map(name => name.toString('latin1'))).include.members(['a\nb', ' ', '-rf', '\\', '*', 'x'.repeat(255), '\xff\xfe'])
    })

    it('is held neither by depth nor by holes', async () => {
      const box = boxed()
      await done(box, `
        perl -e 'for (1 .. 2100) { mkdir "d" or die $!; chdir "d" or die $! }'
        perl -e 'open my $f, ">", "sparse" or die; truncate $f, 1 << 40 or truncate $f, 1 << 34; close $f'
      `)
      expect(await failure(() => box.changes())).include({ code: 'ENAMETOOLONG' })
      expect(await failure(() => box.commit())).include({ code: 'ENAMETOOLONG' })
      expect(existsSync(join(folder, 'd'))).equal(false)
      await box.discard()
      await done(box, `perl -e 'open my $f, ">", "sparse" or die; truncate $f, 1 << 34; seek $f, 1 << 33, 0; print $f "x"; close $f'`)
      await box.commit()
      expect(statSync(join(folder, 'sparse'))).include({ size: 2 ** 34 })
      expect(statSync(join(folder, 'sparse')).blocks).below(100)
    }).timeout(60_000)

    it('has one guest at a time, and none while it is looked at', async () => {
      const box = boxed()
      {
        await using guest = await box.spawn({ program: 'sleep', arguments: ['sleep', '1000'], environment })
        expect(guest.pid).above(0)
        expect(await failure(() => shell(box, ''))).include({ code: 'EBUSY', arg: 'policy.copyOnWrite' })
        for (const call of [() => box.changes(), () => box.commit(), () => box.discard()]) expect(await failure(call)).include({ code: 'EBUSY', arg: 'policy.copyOnWrite' })
      }
      expect(await box.changes()).deep.equal([])
      expect(await failure(() => box.run({ program: '/none' }))).include({ code: 'ENOENT' })
      expect(await done(box, 'echo x > x; cat x')).equal('x\n')
    })

    it('keeps what was changed by others meanwhile', async () => {
      const box = boxed()
      await done(box, 'echo guest > note')
      writeFileSync(join(folder, 'src/main'), 'changed by the host\n')
      writeFileSync(join(folder, 'by-the-host'), 'x')
      expect(await box.changes().then(told)).deep.equal(['changed regular note 6'])
      await box.commit()
      expect(readFileSync(join(folder, 'src/main'), 'utf8')).equal('changed by the host\n')
      expect(existsSync(join(folder, 'by-the-host'))).equal(true)
    })

    it('runs what it may run', async () => {
      writeFileSync(join(folder, 'tool'), '#!/bin/sh\necho a tool\n', { mode: 0o755 })
      expect((await shell(boxed(), './tool')).exitCode).equal(126)
      expect(await done(boxed({ execute: [...system, folder] }), './tool; printf "#!/bin/sh\\necho made\\n" > made; chmod 755 made; ./made')).equal('a tool\nmade\n')
    })

    it('leaves nothing behind, however its program ends', () => {
      const before = copies()
      for (const end of ['', 'process.exit(0)', 'void box.spawn({ program: "sleep", arguments: ["sleep", "1000"] }); await box.spawn({ program: "true" }).catch(() => {}); process.exit(0)']) {
        node(`
          import { Sandbox, systemPaths } from '@emilua/sandbox'
          const box = new Sandbox({ read: systemPaths(), foundation: '${foundation}', copyOnWrite: ${JSON.stringify(folder)} })
          await box.run({ program: 'sh', arguments: ['sh', '-c', 'echo x > x; mkdir -m 0 locked'] })
          ${end}
        `)
        expect(copies(), end).deep.equal(before)
      }
    })
  })
}

describe('a policy with a folder that is copied on writing', () => {
  copiesApart()
  let folder: string
  beforeEach(() => { folder = mkdtempSync(join(projects, 'emilua-')) })
  afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

  onNamespaces('shows it where it is, on namespaces', async () => {
    writeFileSync(join(folder, 'note'), 'a note\n')
    const box = new Sandbox({ read: system, copyOnWrite: folder, foundation: 'namespaces' })
    expect(await done(box, `pwd; cat ${folder}/note`)).equal(`${folder}\na note\n`)
  })

  onNamespaces('and others below it are there beside a /tmp of its own, on namespaces', async () => {
    mkdirSync(join(folder, 'work'))
    mkdirSync(join(folder, 'shown'))
    writeFileSync(join(folder, 'shown/a'), 'a')
    const box = new Sandbox({ read: [...system, join(folder, 'shown')], copyOnWrite: join(folder, 'work'), temporary: 1 << 20, foundation: 'namespaces' })
    expect(await done(box, `cat ${folder}/shown/a; echo x > x; echo y > /tmp/y; ls ${folder}`)).equal('ashown\nwork\n')
    expect(await box.changes().then(told)).deep.equal(['added regular x 2'])
  })

  onBoth('has parts that are only read, on namespaces', async () => {
    mkdirSync(join(folder, 'fixed'))
    writeFileSync(join(folder, 'fixed/a'), 'a')
    const policy: Policy = { read: [...system, join(folder, 'fixed')], copyOnWrite: folder }
    const box = new Sandbox({ ...policy, foundation: 'namespaces' })
    const { stdout } = await shell(box, 'cat fixed/a; (echo b > fixed/a) 2>/dev/null || echo " read-only"; echo x > x')
    expect(stdout.toString()).equal('a read-only\n')
    expect(await box.changes().then(told)).deep.equal(['added regular x 2'])
    expect(await failure(() => new Sandbox({ ...policy, foundation: 'process' }))).include({ name: 'SandboxUnavailable', layer: 'namespaces' })
  })

  it('refuses what contradicts it', async () => {
    for (const write of [folder, join(folder, 'below'), projects, '/']) {
      expect(await failure(() => new Sandbox({ write: [write], copyOnWrite: folder })), write).include({ code: 'EINVAL', arg: 'policy.write' })
    }
    expect(await failure(() => new Sandbox({ copyOnWrite: join(folder, 'none') }))).include({ code: 'ENOENT', path: join(folder, 'none'), arg: 'policy.copyOnWrite' })
    writeFileSync(join(folder, 'file'), '')
    expect(await failure(() => new Sandbox({ copyOnWrite: join(folder, 'file') }))).include({ code: 'ENOTDIR' })
    const none = new Sandbox()
    for (const call of [() => none.changes(), () => none.commit(), () => none.discard()]) expect(await failure(call)).include({ code: 'EINVAL' })
    expect(await failure(() => spawnVm({ module: new URL('file:///none.lua'), subprocess: { sandbox: new Sandbox({ copyOnWrite: folder }) } })))
      .include({ code: 'EINVAL', arg: 'subprocess.sandbox' })
  })

  it('removes what a program left that was killed', () => {
    const before = copies()
    expect(() => {
      node(`
        import { Sandbox } from '@emilua/sandbox'
        globalThis.box = new Sandbox({ copyOnWrite: ${JSON.stringify(folder)} })
        process.kill(process.pid, 'SIGKILL')
      `)
    }).throw()
    const left = copies().filter(name => !before.includes(name))
    expect(left).length(1)
    void new Sandbox({ copyOnWrite: folder })
    expect(copies()).not.include(left[0])
  })

  it('removes what a program left that was killed before anybody owned it, but not of one that has just begun', () => {
    const [empty, unlocked, begun, full] = ['empty1', 'unlock', 'begun1', 'full12'].map(name => join(place, `emilua-copy-${name}`))
    for (const folder of [empty!, unlocked!, begun!, full!]) mkdirSync(folder, { mode: 0o700 })
    writeFileSync(join(unlocked!, 'new'), '')
    writeFileSync(join(full!, 'somebody-s'), '')
    for (const folder of [empty!, unlocked!, full!]) utimesSync(folder, 1, 1)
    void new Sandbox({ copyOnWrite: folder })
    expect([empty, unlocked, begun, full].map(folder => existsSync(folder!))).deep.equal([false, false, true, true])
    for (const folder of [begun!, full!]) rmSync(folder, { recursive: true })
  })
})
