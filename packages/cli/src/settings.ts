// SPDX-License-Identifier: MIT OR BSL-1.0
import { dirname } from 'node:path'
import type { TsConfigResult } from 'get-tsconfig'
import { CompileError } from './errors.js'
import type { Reads } from './reads.js'
import { tool } from './tools.js'

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

  constructor (reads: Reads) {
    this.#reads = reads
  }

  /** @throws {CompileError} The file that applies to the source at `path` extends one that cannot be read. */
  of (path: string): Settings {
    const folder = dirname(path)
    let found = this.#found.get(folder)
    if (!found) this.#found.set(folder, found = this.#read(path))
    return found
  }

  #read (path: string): Settings {
    const { findTsconfig, parseTsconfig, createPathsMatcher } = tool('get-tsconfig')
    const file = findTsconfig(path, 'tsconfig.json', this.#cache)
    try {
      if (file === undefined) return none
      const found: TsConfigResult = { path: file, config: parseTsconfig(file, this.#cache as Map<string, string>) }
      const { compilerOptions = {} } = found.config
      return { path: file, compilerOptions, candidates: createPathsMatcher(found) ?? none.candidates }
    } catch (error) {
      throw new CompileError(`${file}: ${(error as Error).message}`)
    } finally {
      this.#note()
    }
  }

  // The library keeps what it asked of the file system under the names of the functions, so its cache tells which
  // files the settings depend on.
  #note (): void {
    for (const [key, value] of this.#cache) {
      const [, call, path] = /^(existsSync|readFileSync):([^:]+)/.exec(key) ?? []
      if (call === 'existsSync' && value === false) this.#reads.missing.add(path!)
      else if (call === 'readFileSync') this.#reads.files.add(path!)
    }
  }
}
