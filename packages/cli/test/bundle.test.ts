// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const native = fileURLToPath(new URL('../../../native-core/build/release', import.meta.url))
const executable = join(native, 'emilua')
const command = fileURLToPath(new URL('../bin/emilua.mjs', import.meta.url))
const turtle = `@prefix cat: <https://schema.emilua.org/error_category/0/#>.
<about:emilua-module> a <https://schema.emilua.org/error_category/0/>;
  cat:error [ cat:code 1; cat:alias "LOST"; cat:message "It is lost" ].
`

describe('emilua --bundle', function () {
  this.timeout(20_000)
  let folder: string
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-bundle-')) })
  afterEach(() => rmSync(folder, { recursive: true }))

  function put (files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
  }

  function run (program: string, args: string[] = [], { cwd = folder, path = '', env = {} as Record<string, string> } = {}) {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'], EMILUA_PATH: path, ...env } })
    return { status, stdout, stderr }
  }
  const bundle = (args: string[], path = '') => run(executable, ['--bundle', ...args], { path })
  const made = { status: 0, stdout: '', stderr: '' }

  /** What the bundle says in an empty folder, with the sources gone. */
  function alone (args: string[] = []) {
    const empty = mkdtempSync(join(tmpdir(), 'emilua-alone-'))
    copyFileSync(join(folder, 'program'), join(empty, 'renamed'))
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
    try {
      return run('./renamed', args, { cwd: empty })
    } finally {
      rmSync(empty, { recursive: true })
    }
  }

  it('makes one file of modules, packages, Turtle, plugins and actors, which runs without them as it did with them', () => {
    put({
      'src/main.lua': `#!/usr/bin/env emilua
local fs, inbox, system = require 'filesystem', require 'inbox', require 'system'
local library, package = require './library', require("package_")
local errors, everything = require [[./errors]], require 'everything'
-- require './gone'
print(library.name, package.name, tostring(errors.LOST), everything.echo_integer(5), require 'tls'.context ~= nil)
print(unpack(system.arguments, 3))
local from_root = require('/root')
print(from_root)
local worker = spawn_vm{ module = './worker', inherit_context = false }
worker:send(inbox)
print(inbox:receive())
local guest = fs.path.new(system.arguments[2]).parent_path / 'guest.lua'
local process = spawn_vm{ module = guest, subprocess = {} }
process:send(inbox)
print(inbox:receive())
local folder = spawn_vm{ module = guest.parent_path / 'folder', subprocess = {} }
folder:send(inbox)
print(inbox:receive())
print(pcall(spawn_vm, { module = guest.parent_path / 'nowhere.lua', subprocess = {} }))
print(require('./' .. 'late'))
`,
      'src/library/init.lua': "return { name = 'library with ' .. require './part' }",
      'src/library/part.lua': 'return "a part"',
      'src/errors.ttl': turtle,
      'src/root.lua': "return 'root'",
      'src/worker.lua': "require('inbox'):receive():send('worker of ' .. require './library'.name)",
      'src/guest.lua': "require('inbox'):receive():send('guest of ' .. require 'package_'.name)",
      'src/folder/init.lua': "require('inbox'):receive():send('a folder')",
      'src/later/late.lua': '',
      'src/late.lua': 'return "late"',
      'paths/package_/init.lua': "local words = require './words'\nname = words[1]",
      'paths/package_/words.lua': "return { 'package' }"
    })
    const path = `${join(folder, 'paths')}:${join(native, 'test')}`
    expect(bundle(['src/main.lua', '-o', 'program', '--include=src/late.lua', '--include=src/folder'], path)).deep.equal(made)
    expect(statSync(join(folder, 'program')).mode & 0o111).equal(0o111 & ~process.umask())
    const expected = [
      'library with a part\tpackage\tIt is lost\t5\ttrue', 'one\t--help', 'root', 'worker of library with a part', 'guest of package', 'a folder',
      'false\tModule not found: bundle:/nowhere.lua', 'late', ''
    ].join('\n')
    expect(alone(['one', '--help'])).deep.equal({ status: 0, stdout: expected, stderr: '' })
  })

  it('makes one of a directory, by its init.lua, and by the command of npm', () => {
    put({ 'thing/init.lua': "print(require './part', ...)", 'thing/part.lua': "return 'part'" })
    expect(run(process.execPath, [command, '--bundle', 'thing/', '-oprogram'])).deep.equal(made)
    expect(alone()).deep.equal({ status: 0, stdout: 'part\n', stderr: '' })
  })

  it('reports errors by the names that files have inside, with the exit status of the program', () => {
    put({ 'main.lua': "require './part'", 'part.lua': "\nerror('no')" })
    expect(bundle(['main.lua', '-o', 'program'])).deep.equal(made)
    const { status, stderr } = alone()
    expect(status).equal(1)
    expect(stderr).contain("panicked: 'bundle:/part.lua:2: no'")
  })

  it('lets a program start itself again', () => {
    put({
      'main.lua': `local system = require 'system'
if system.arguments[3] then print('child', system.arguments[3]) return end
system.spawn{
  program = '/proc/self/exe', arguments = { system.arguments[1], system.arguments[2], '--', 'again' }, stdout = 'share'
}:wait()
print 'parent'`
    })
    expect(bundle(['main.lua', '-o', 'program'])).deep.equal(made)
    expect(alone().stdout).equal('child\tagain\nparent\n')
  })

  it('says what it takes in, and finds each file once', () => {
    put({ 'main.lua': "require './a'\nrequire './b'", 'a.lua': "return require '../b'", 'b.lua': '' })
    const { stdout } = bundle(['main.lua', '-o', 'program', '--list'])
    expect(stdout).equal('bundle:/main.lua\t./main.lua\nbundle:/a.lua\t./a.lua\nbundle:/b.lua\t./b.lua\n')
  })

  it('names the file and line of a module that is not there, which --exclude leaves to the program', () => {
    put({ 'main.lua': "\nprint(pcall(function () return require 'absent' end))" })
    const { status, stdout, stderr } = bundle(['main.lua', '-o', 'program'])
    expect({ status, stdout }).deep.equal({ status: 2, stdout: '' })
    expect(stderr).match(/^emilua: \.\/main\.lua:2: Module not found: 'absent'/).and.contain('--exclude=absent')
    expect(readdirSync(folder)).deep.equal(['main.lua'])
    expect(bundle(['main.lua', '-o', 'program', '--exclude=absent'])).deep.equal(made)
    expect(alone().stdout).match(/^false\t.*Module not found/)
  })

  it('refuses what it cannot make, in one sentence', () => {
    put({ 'main.lua': '', 'wrong.lua': 'local = 1', 'data.txt': '', 'folder/x': '' })
    const cases: [string[], RegExp][] = [
      [[], /^emilua: no program\nTry 'emilua --bundle --help'/],
      [['main.lua'], /-o FILE has to say/],
      [['main.lua', '-o'], /-o says nothing/],
      [['main.lua', '-o', 'p', '--nothing'], /unknown option '--nothing'/],
      [['main.lua', 'other.lua', '-o', 'p'], /not 'main\.lua' and 'other\.lua'/],
      [['absent.lua', '-o', 'p'], /cannot open 'absent\.lua': No such file/],
      [['folder', '-o', 'p'], /no init\.lua in folder/],
      [['wrong.lua', '-o', 'p'], /wrong\.lua:1: /],
      [['main.lua', '-o', 'main.lua'], /main\.lua: File exists/],
      [['main.lua', '-o', 'folder'], /folder: Is a directory/],
      [['main.lua', '-o', 'absent/p'], /absent\/p: No such file/],
      [['main.lua', '-o', 'p', '--include=data.txt'], /data\.txt: no file with one of the endings/],
      [['folder/../main.lua', '-o', 'p', '--include=/usr/share/lua'], /no file|neither below/]
    ]
    for (const [args, message] of cases) {
      const { status, stderr } = bundle(args)
      expect(stderr, args.join(' ')).match(message)
      expect(status, args.join(' ')).equal(2)
    }
    expect(readdirSync(folder).sort()).deep.equal(['data.txt', 'folder', 'main.lua', 'wrong.lua'])
  })

  it('replaces an older one, also while that runs', () => {
    put({ 'main.lua': "print 'old'", 'new.lua': "print 'new'" })
    expect(bundle(['main.lua', '-o', 'program'])).deep.equal(made)
    chmodSync(join(folder, 'program'), 0o500)
    expect(bundle(['new.lua', '-o', 'program'])).deep.equal(made)
    expect(alone().stdout).equal('new\n')
  })

  it('makes no program of one that was stripped or cut', () => {
    put({ 'main.lua': "print 'whole'" })
    expect(bundle(['main.lua', '-o', 'program'])).deep.equal(made)
    const program = join(folder, 'program')
    execFileSync('strip', [program, '-o', `${program}-stripped`])
    truncateSync(program, statSync(program).size - 1)
    for (const name of [program, `${program}-stripped`]) {
      const { status, stderr } = run(name)
      expect(status).equal(2)
      expect(stderr).contain('it was stripped or cut')
    }
  })

  it('has help', () => {
    expect(bundle(['--help']).stdout).match(/^Usage: emilua --bundle PROGRAM/)
    expect(run(executable, ['--help']).stdout).contain('--bundle')
  })
})
