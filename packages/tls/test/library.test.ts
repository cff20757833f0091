// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const built = fileURLToPath(new URL('../../../native-core/build/release/', import.meta.url))
const library = 'libemilua-openssl.so'

// RTLD_NOLOAD | RTLD_LAZY.
const lua = (file: string): string => `
local ffi, tls = require 'ffi', require 'tls'
ffi.cdef 'void *dlopen(const char *file, int mode);'
local function loaded () return ffi.C.dlopen('${file}', 5) ~= nil end
print(loaded())
print(select(2, pcall(tls.context.new, 'tls')))
print(loaded())`

const typescript = `
import { readFileSync } from 'node:fs'
import * as tls from '@emilua/tls'
const loaded = () => readFileSync('/proc/self/maps', 'utf8').includes('${library}')
console.log(loaded())
try { console.log(typeof new tls.Context('tls')) } catch (error) { console.log(error.code, error.message) }
console.log(loaded())`

describe('the library of OpenSSL', function () {
  this.timeout(20_000)
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'emilua-tls-'))
    for (const file of ['emilua', 'emilua.node']) copyFileSync(join(built, file), join(folder, file))
    writeFileSync(join(folder, 'program.lua'), lua(join(folder, library)))
  })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  const run = (command: string, ...args: string[]): string[] => {
    const { stdout, stderr } = spawnSync(command, args, {
      cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8',
      env: { ...process.env, EMILUA_NATIVE: join(folder, 'emilua.node'), EMILUA_SHUFFLE: undefined, LD_PRELOAD: undefined }
    })
    expect(stderr).to.equal('')
    return stdout.trimEnd().split('\n')
  }
  const runLua = (): string[] => run(join(folder, 'emilua'), join(folder, 'program.lua'))
  const runNode = (): string[] => run(process.execPath, '--input-type=module', '-e', typescript)

  it('is loaded by who makes a context, from beside the executable and the addon', () => {
    symlinkSync(join(built, library), join(folder, library))
    const [before, , after] = runLua()
    expect([before, after]).to.deep.equal(['false', 'true'])
    expect(runNode()).to.deep.equal(['false', 'object', 'true'])
  })

  it('is named, and its folder, where it is missing', () => {
    for (const [before, error, after] of [runLua(), runNode()]) {
      expect([before, after]).to.deep.equal(['false', 'false'])
      expect(error).to.include(library).and.to.include(folder)
    }
  })

  it('is not taken from another build', () => {
    // Any library that has no table of ours.
    copyFileSync(join(built, 'libemilua-libc-service.so'), join(folder, library))
    for (const [, error, after] of [runLua(), runNode()]) {
      expect(error).to.include(join(folder, library)).and.to.include('of the same build')
      expect(after).to.equal('false')
    }
  })
})
