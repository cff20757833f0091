// SPDX-License-Identifier: MIT OR BSL-1.0
import { basename, dirname } from 'node:path'
import type { TsConfigResult } from 'get-tsconfig'
import { CompileError } from './errors.js'
import type { Reads } from './reads.js'
import { tool } from './tools.js'
import { checkTsconfig } from './tsconfig.js'

/** What the nearest tsconfig.json of a source says, with what it extends. */
export type Settings = {
  /** Its file; nothing when there is none. */
  path?: string
  compilerOptions: Record<string, unknown>
  /** Where `paths` and `baseUrl` let a name be looked for, without extensions. */
  candidates: (name: string) => string[]
}

const none: Settings = { compilerOptions: {}, candidates: () => [] }

/** Reads tsconfig.json files, each once. */
export class SettingsReader {
  readonly #reads: Reads
  readonly #cache = new Map<string, unknown>()
  readonly #found = new Map<string, Settings>()
  readonly #checked = new Set<string>()

  constructor (reads: Reads) {
    this.#reads = reads
  }

  /** @throws {CompileError} The file that applies to the source at `path` is wrong, or extends one that cannot be read. */
  of (path: string): Settings {
    const folder = dirname(path)
    let found = this.#found.get(folder)
    if (!found) this.#found.set(folder, found = this.#read(path))
    return found
  }

  #read (path: string): Settings {
    const { findTsconfig, createPathsMatcher } = tool('get-tsconfig')
    const file = findTsconfig(path, 'tsconfig.json', this.#cache)
    try {
      if (file === undefined) return none
      const found: TsConfigResult = { path: file, config: this.#parsed(file) }
      const { compilerOptions = {} } = found.config
      return { path: file, compilerOptions, candidates: createPathsMatcher(found) ?? none.candidates }
    } catch (error) {
      throw error instanceof CompileError ? error : new CompileError(`${file}: ${(error as Error).message}`)
    } finally {
      this.#note()
    }
  }

  #parsed (file: string): TsConfigResult['config'] {
    try {
      return tool('get-tsconfig').parseTsconfig(file, this.#cache as Map<string, string>)
    } finally {
      for (const path of this.#filesRead()) if (basename(path) !== 'package.json') this.#check(path)
    }
  }

  #check (path: string): void {
    if (this.#checked.has(path)) return
    checkTsconfig(path)
    this.#checked.add(path)
  }

  // The library keeps what it asked of the file system under the names of the functions, so its cache tells which
  // files the settings depend on.
  #asked (what: string): [string, unknown][] {
    return [...this.#cache].flatMap(([key, value]) => {
      const [, call, path] = /^(\w+):([^:]+)/.exec(key) ?? []
      return call === what ? [[path!, value] as [string, unknown]] : []
    })
  }

  #filesRead (): string[] {
    return this.#asked('readFileSync').map(([path]) => path)
  }

  #note (): void {
    for (const [path, exists] of this.#asked('existsSync')) if (exists === false) this.#reads.missing.add(path)
    for (const path of this.#filesRead()) this.#reads.files.add(path)
  }
}
