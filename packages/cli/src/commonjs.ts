// SPDX-License-Identifier: MIT OR BSL-1.0
// Lets require() load TypeScript: CommonJS of .cts under its own name, and ES modules where Node can require those.
import { readFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { compile } from './compile.js'
import { explained } from './errors.js'
import { isTypeScript } from './kinds.js'
import { mirrored } from './mirror.js'
import { Reads } from './reads.js'
import { fileOf } from './resolve.js'

type Loadable = { exports: unknown, _compile: (code: string, path: string) => void }
type Loader = (module: Loadable, path: string) => void
type Internals = {
  _extensions: Record<string, Loader>
  _load: (path: string, parent: null, isMain: boolean) => unknown
  _resolveFilename: (request: string, parent?: { filename?: string | null }, ...rest: unknown[]) => string
}

const internals = Module as unknown as Internals
const installed = Symbol.for('@emilua/cli: TypeScript for require()')
const require = createRequire(import.meta.url)

function loads (extension: string, load: Loader): void {
  const before = internals._extensions[extension] ?? internals._extensions['.js']!
  internals._extensions[extension] = (module, path) => { (path.includes('/node_modules/') ? before : load)(module, path) }
}

function install (): void {
  loads('.cts', (module, path) => {
    compile(path)
    module._compile(readFileSync(mirrored(path, '.cjs'), 'utf8'), path)
  })
  for (const extension of ['.ts', '.mts', '.tsx']) {
    loads(extension, (module, path) => {
      try {
        module.exports = require(compile(path))
      } catch (error) {
        throw explained(error)
      }
    })
  }
  const original = internals._resolveFilename
  internals._resolveFilename = function (request, parent, ...rest) {
    try {
      return original.call(this, request, parent, ...rest)
    } catch (error) {
      const file = parent?.filename && /^\.{0,2}\//.test(request) ? fileOf(resolve(dirname(parent.filename), request), new Reads()) : undefined
      if (file === undefined || !isTypeScript(file)) throw error
      return file
    }
  }
}

// There may be two of us in a thread: one that came with the command, one of the program's own packages.
if (!(installed in internals)) {
  Object.defineProperty(internals, installed, { value: true })
  install()
}

/** @internal Runs the CommonJS at `path` as what `require.main` is. */
export function runMain (path: string): unknown {
  return internals._load(path, null, true)
}

/** @internal What a module gets that imports the CommonJS at `path`. */
export function requireFrom (path: string): unknown {
  return require(path)
}
