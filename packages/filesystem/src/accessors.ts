// SPDX-License-Identifier: MIT OR BSL-1.0
import type { FileDescriptor } from '@emilua/file-descriptor'
import { NativeObject, NativeValue, type OperationOptions } from '@emilua/native'
import { composed } from '@emilua/native/fiber'
import type { TimePoint } from './generated/clock/time-point.js'
import * as generated from './generated/functions.js'
import type { Path } from './generated/path.js'
import type { PathLike } from './path-like.js'

/** Whether `value` is what is to be set, and no options. */
function isGiven<T> (value: T | OperationOptions | undefined): value is T {
  return typeof value === 'string' || value instanceof URL || value instanceof NativeObject || value instanceof NativeValue
}

/**
 * Brings the process to a folder.
 *
 * ENOENT, ENOTDIR, EACCES. Only of the main thread. chdir(2), fchdir(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - A folder, or the descriptor of one.
 * @param options - A signal that ends the wait.
 */
export function setCurrentWorkingDirectory (
  p: PathLike | FileDescriptor, options?: OperationOptions
): Promise<void> {
  return composed(generated.setCurrentWorkingDirectory(p, options).then(() => {
    process.chdir('.') // process.cwd() remembers where that was last
  }))
}

/**
 * Where the process is.
 *
 * ENOENT when the folder was removed. getcwd(3).
 *
 * @param options - A signal that ends the wait.
 */
export function currentWorkingDirectory (options?: OperationOptions): Promise<Path>
/**
 * Brings the process to a folder: {@link setCurrentWorkingDirectory}.
 *
 * @param p - A folder, or the descriptor of one.
 * @param options - A signal that ends the wait.
 */
export function currentWorkingDirectory (p: PathLike | FileDescriptor, options?: OperationOptions): Promise<void>
export function currentWorkingDirectory (
  p?: PathLike | FileDescriptor | OperationOptions, options?: OperationOptions
): Promise<Path | void> {
  return isGiven<PathLike | FileDescriptor>(p)
    ? setCurrentWorkingDirectory(p, options)
    : generated.currentWorkingDirectory(p ?? options)
}

/**
 * When the content of a file was last modified.
 *
 * Symbolic links are followed. ENOENT, EACCES. stat(2).
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function lastWriteTime (p: PathLike, options?: OperationOptions): Promise<TimePoint>
/**
 * Sets when a file was last modified: {@link setLastWriteTime}.
 *
 * @param p - The file.
 * @param tp - When.
 * @param options - A signal that ends the wait.
 */
export function lastWriteTime (p: PathLike, tp: TimePoint, options?: OperationOptions): Promise<void>
export function lastWriteTime (
  p: PathLike, tp?: TimePoint | OperationOptions, options?: OperationOptions
): Promise<TimePoint | void> {
  return isGiven<TimePoint>(tp)
    ? generated.setLastWriteTime(p, tp, options)
    : generated.lastWriteTime(p, tp ?? options)
}
