// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFile } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../..', import.meta.url))

type Outcome = { code: number, stdout: string, stderr: string }

// A source tree in small, where the tools are scripts that write down that they were called.
describe('./emilua', function () {
  this.timeout(30_000)
  let tree: string
  let tools: string

  beforeEach(() => {
    tree = realpathSync(mkdtempSync(join(tmpdir(), 'emilua-tree-')))
    tools = join(tree, 'tools')
    for (const name of ['emilua', 'setup']) cpSync(join(root, name), join(tree, name), { recursive: true })
    put('package.json', '{ "packageManager": "pnpm@9.15.9" }')
    for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tsconfig.json', 'tsconfig.base.json']) put(name, '')
    put('packages/cli/package.json', '{}')
    put('packages/cli/src/main.ts', '')
    put('packages/cli/dist/main.js', "console.log('node', ...process.argv.slice(2))")
    put('packages/cli/bundled/main.js', "console.log('bundled', ...process.argv.slice(2))")
    put('packages/cli/tsconfig.tsbuildinfo', '')
    put('plugins/one/plugin.cpp', '')
    put('native-core/src/core.cpp', '')
    put('native-core/build/release/emilua', '#!/bin/sh\necho native "$@"\n', 0o755)
    put('node_modules/.bin/tsc', '#!/bin/sh\necho tsc >>"$TREE/calls"\n', 0o755)
    put('setup/bundle.mjs', '#!/bin/sh\n', 0o755)
    tool('cmake', 'echo cmake "$@" >>"$TREE/calls"; echo "[1/2] half"; echo "[2/2] all"')
    tool('pnpm', 'echo pnpm "$@" >>"$TREE/calls"')
    tool('dpkg-query', 'echo installed')
  })
  afterEach(() => rmSync(tree, { recursive: true }))

  function put (name: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(join(tree, name)), { recursive: true })
    writeFileSync(join(tree, name), text, { mode })
  }

  function tool (name: string, script: string): void {
    put(`tools/${name}`, `#!/bin/sh\n${script}\n`, 0o755)
  }

  function run (args: string[], environment: Record<string, string> = {}, command = join(tree, 'emilua'), listen?: (stderr: string) => void): Promise<Outcome> {
    return new Promise(resolve => {
      const env = { HOME: tree, PATH: `${tools}:${dirname(process.execPath)}:/usr/bin:/bin`, TREE: tree, ...environment }
      const child = execFile(command, args, { env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
      })
      if (listen) child.stderr!.on('data', listen)
    })
  }

  function calls (): string[] {
    const path = join(tree, 'calls')
    const found = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').map(line => line.split(' ', 2).join(' ')) : []
    rmSync(path, { force: true })
    return found
  }

  const everything = ['pnpm install', 'cmake --preset', 'cmake --build', 'tsc']

  it('installs and builds at first, tells how far it is, and then runs the program', async () => {
    const { code, stdout, stderr } = await run(['a.lua', 'x y'])
    expect(code).equal(0)
    expect(stdout).equal('native a.lua x y\n')
    for (const step of ['first run', '[1/4] system packages', '[2/4] npm packages', '[3/4] native core', '2 of 2', '[4/4] TypeScript']) {
      expect(stderr).contain(step)
    }
    expect(calls()).deep.equal(everything)
  })

  it('says and builds nothing while nothing changes', async () => {
    await run([])
    calls()
    expect(await run(['--help'])).deep.equal({ code: 0, stdout: 'native --help\n', stderr: '' })
    expect(calls()).deep.equal([])
  })

  it('runs TypeScript and JavaScript on Node, and the rest on the executable', async () => {
    await run([])
    for (const name of ['a.ts', 'a.mts', 'a.cts', 'a.tsx', 'a.js', 'a.mjs', 'a.cjs', 'a.jsx', '--version', '--inspect', '-e', '-']) expect((await run([name, '1'])).stdout).equal(`bundled ${name} 1\n`)
    for (const name of ['a.lua', 'folder', 'a.py', '--help', '-h', '--']) expect((await run([name])).stdout).equal(`native ${name}\n`)
  })

  it('takes the packages as tsc wrote them when those are newer than the bundles', async () => {
    await run([])
    put('packages/cli/tsconfig.tsbuildinfo', 'newer')
    expect((await run(['a.ts', '1'], { EMILUA_NO_BUILD: '1' })).stdout).equal('node a.ts 1\n')
  })

  it('says that a source has changed, and rebuilds', async () => {
    await run([])
    for (const name of ['native-core/src/core.cpp', 'native-core/src/new.cpp', 'packages/cli/src/main.ts', 'plugins/one/plugin.cpp', 'setup/packages']) {
      calls()
      put(name, '// edited')
      const { stdout, stderr } = await run(['a.lua'])
      expect(stderr, name).contain('sources have changed (').and.contain('rebuilding')
      expect(stdout).equal('native a.lua\n')
      expect(calls(), name).include('cmake --build').and.include('tsc')
    }
  })

  it('sees a source that was removed, or replaced by one with an old date', async () => {
    await run([])
    calls()
    rmSync(join(tree, 'native-core/src/core.cpp'))
    await run([])
    expect(calls()).include('cmake --build')
    put('packages/cli/src/main.ts', '// older')
    utimesSync(join(tree, 'packages/cli/src/main.ts'), 0, 0)
    await run([])
    expect(calls()).include('cmake --build')
  })

  it('builds nothing where the same sources have another date or owner, or were copied with what was built', async () => {
    await run([])
    calls()
    const quiet = { code: 0, stdout: 'native a.lua\n', stderr: '' }
    chmodSync(join(tree, 'native-core/src/core.cpp'), 0o600)
    put('packages/cli/src/main.ts', '')
    expect(await run(['a.lua'])).deep.equal(quiet)
    const copy = `${tree}-copy`
    try {
      cpSync(tree, copy, { recursive: true, verbatimSymlinks: true })
      expect(await run(['a.lua'], {}, join(copy, 'emilua'))).deep.equal(quiet)
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
    expect(calls()).deep.equal([])
  })

  it('removes what CMake made where the tree was before it was moved or copied', async () => {
    const cache = (name: string): string => join(tree, 'native-core/build', name, 'CMakeCache.txt')
    put('native-core/build/debug/CMakeCache.txt', `CMAKE_HOME_DIRECTORY:INTERNAL=${tree}/native-core\n`)
    put('native-core/build/asan/CMakeCache.txt', 'CMAKE_HOME_DIRECTORY:INTERNAL=/no/such/folder/native-core\n')
    put('native-core/build/tsan/CMakeCache.txt', `CMAKE_HOME_DIRECTORY:INTERNAL=${root}native-core\n`)
    await run([])
    expect(['debug', 'asan', 'tsan'].filter(name => existsSync(cache(name)))).deep.equal(['debug'])
  })

  it('installs npm packages anew when what is wanted has changed', async () => {
    await run([])
    calls()
    put('packages/cli/package.json', '{ "dependencies": {} }')
    await run([])
    expect(calls()).deep.equal(everything)
  })

  it('leaves the check out with EMILUA_NO_BUILD', async () => {
    expect(await run(['a.lua'], { EMILUA_NO_BUILD: '1' })).deep.equal({ code: 0, stdout: 'native a.lua\n', stderr: '' })
    for (const [program, needed] of [['a.lua', 'native-core/build/release/emilua'], ['a.ts', 'packages/cli/dist/main.js']] as const) {
      rmSync(join(tree, needed))
      const { code, stderr } = await run([program], { EMILUA_NO_BUILD: '1' })
      expect(code).equal(1)
      expect(stderr).equal(`emilua: ${join(tree, needed)} is not built yet, and EMILUA_NO_BUILD is set: run ${tree}/setup/build\n`)
    }
    expect(calls()).deep.equal([])
  })

  it('shows the first error of a failed build, runs nothing, and builds again the next time', async () => {
    tool('cmake', 'echo "[1/9] fine"; echo "a.cpp:7:1: error: no such thing"; echo "  7 | thing"; for i in 1 2 3 4 5 6 7 8; do echo "b.cpp:$i:1: error: another"; done; exit 1')
    const { code, stdout, stderr } = await run(['a.lua'])
    expect(code).equal(1)
    expect(stdout).equal('')
    expect(stderr).contain('a.cpp:7:1: error: no such thing\n  7 | thing').and.contain(join(tree, '.emilua/build.log'))
    expect(stderr).not.contain('b.cpp:8')
    tool('cmake', 'exit 0')
    expect((await run(['a.lua'])).stdout).equal('native a.lua\n')
  })

  it('builds once when several start together', async () => {
    tool('cmake', 'echo cmake "$@" >>"$TREE/calls"; while [ ! -e "$TREE/go" ]; do sleep 0.02; done')
    let waiting = 0
    const listen = (text: string) => {
      // Two are held up by the lock while the third builds: only then may it go on.
      if (text.includes('waiting for another build') && ++waiting === 2) put('go', '')
    }
    const outcomes = await Promise.all([1, 2, 3].map(n => run([`${n}.lua`], {}, join(tree, 'emilua'), listen)))
    expect(outcomes.map(({ stdout }) => stdout)).deep.equal(['native 1.lua\n', 'native 2.lua\n', 'native 3.lua\n'])
    expect(calls()).deep.equal(everything)
  })

  it('prints the one line to run when it may not install', async () => {
    tool('dpkg-query', '[ "$3" = ccache ] || echo installed')
    tool('id', 'echo 1000')
    tool('sudo', 'exit 1')
    const { code, stderr } = await run(['a.lua'])
    expect(code).equal(1)
    expect(stderr).contain('\n  apt-get update && apt-get install -y ccache\n')
    expect(calls()).deep.equal([])
  })

  it('installs the missing system packages when it may', async () => {
    tool('dpkg-query', 'case $3 in ccache | cmake) ;; *) echo installed ;; esac')
    tool('id', 'echo 0')
    tool('apt-get', 'echo apt-get "$1" >>"$TREE/calls"')
    const { code, stderr } = await run(['a.lua'])
    expect(code).equal(0)
    expect(stderr).contain('installing 2 system packages: cmake ccache')
    expect(calls()).deep.equal(['apt-get update', 'apt-get install', ...everything])
  })

  it('works through a symbolic link', async () => {
    symlinkSync(join(tree, 'emilua'), join(tree, 'link'))
    expect((await run(['a.lua'], {}, join(tree, 'link'))).stdout).equal('native a.lua\n')
  })
})
