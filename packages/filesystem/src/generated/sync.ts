// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
import { natives } from '@emilua/native'
import type { Path } from './path.js'
import { type RecursiveDirectoryIterator } from './recursive-directory-iterator.js'
import type { RecursiveDirectoryOptions, SpaceInfo } from './types.js'

export { RecursiveDirectoryIterator } from './recursive-directory-iterator.js'

const native = natives('filesystem')

/**
 * Goes through a folder and all below, in no order.
 *
 * Looks at nothing until the first entry is asked for, which fails with ENOENT, ENOTDIR, EACCES. opendir(3).
 *
 * @param p - The folder.
 * @param opts - How.
 */
export function recursiveDirectoryIterator (
  p: Path | string, opts?: RecursiveDirectoryOptions
): RecursiveDirectoryIterator {
  return native['recursive_directory_iterator'](p, opts) as RecursiveDirectoryIterator
}

/**
 * Gives a file or folder another name, within one file system.
 *
 * What had the new name is replaced. ENOENT, EXDEV, ENOTEMPTY, EISDIR and others; the argument they name is the old
 * path if nothing is there. rename(2).
 *
 * @param oldPath - What is moved.
 * @param newPath - Where it goes.
 */
export function rename (oldPath: Path | string, newPath: Path | string): void {
  native['rename:sync'](oldPath, newPath)
}

/**
 * How many bytes a file system has and has left.
 *
 * ENOENT, EACCES. statvfs(3).
 *
 * @param p - Anything on the file system.
 */
export function space (p: Path | string): SpaceInfo {
  return native['space:sync'](p) as SpaceInfo
}
