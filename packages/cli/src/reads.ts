// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync, statSync } from 'node:fs'

/** What a compilation looked at. It has to be made anew when any of it has changed. */
export class Reads {
  /** The files it read. */
  readonly files = new Set<string>()
  /** Where it would have taken a file, had there been one. */
  readonly missing = new Set<string>()

  /** Whether `path` is a file, and not a folder. */
  isFile (path: string): boolean {
    const found = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
    if (!found) this.missing.add(path)
    return found
  }

  /** The JSON of the file at `path`; nothing when there is none. */
  json (path: string): unknown {
    if (!this.isFile(path)) return undefined
    this.files.add(path)
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  }
}
