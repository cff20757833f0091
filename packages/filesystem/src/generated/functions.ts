// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
import { natives, operate1, operate2, type OperationOptions } from '@emilua/native'
import type { Path } from './path.js'
import type { RecursiveDirectoryIterator } from './recursive-directory-iterator.js'
import type { RecursiveDirectoryOptions, SpaceInfo } from './types.js'

const native = natives('filesystem')

/** What separates the parts of a path. */
export const preferredSeparator = native['preferred_separator'] as unknown as string

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
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param oldPath - What is moved.
 * @param newPath - Where it goes.
 * @param options - A signal that ends the wait.
 */
export function rename (oldPath: Path | string, newPath: Path | string, options?: OperationOptions): Promise<void> {
  return operate2(native['rename'], 0, options, oldPath, newPath)
}

/**
 * How many bytes a file system has and has left.
 *
 * ENOENT, EACCES. statvfs(3).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Anything on the file system.
 * @param options - A signal that ends the wait.
 */
export function space (p: Path | string, options?: OperationOptions): Promise<SpaceInfo> {
  return operate1(native['space'], 0, options, p)
}
