// SPDX-License-Identifier: MIT OR BSL-1.0
import type { FileDescriptor } from '@emilua/file-descriptor'
import type { TimePoint } from '../generated/clock/time-point.js'
import type { Path } from '../generated/path.js'
import * as generated from '../generated/sync.js'
import type { PathLike } from '../path-like.js'

/** Brings the process to a folder. ENOENT, ENOTDIR, EACCES. Only of the main thread. chdir(2), fchdir(2). */
export function setCurrentWorkingDirectory (p: PathLike | FileDescriptor): void {
  generated.setCurrentWorkingDirectory(p)
  process.chdir('.') // process.cwd() remembers where that was last
}

/** Where the process is. ENOENT when the folder was removed. getcwd(3). */
export function currentWorkingDirectory (): Path
/** Brings the process to a folder: {@link setCurrentWorkingDirectory}. */
export function currentWorkingDirectory (p: PathLike | FileDescriptor): void
export function currentWorkingDirectory (p?: PathLike | FileDescriptor): Path | void {
  if (p === undefined) return generated.currentWorkingDirectory()
  setCurrentWorkingDirectory(p)
}

/** When the content of a file was last modified. Symbolic links are followed. ENOENT, EACCES. stat(2). */
export function lastWriteTime (p: PathLike): TimePoint
/** Sets when a file was last modified: {@link setLastWriteTime}. */
export function lastWriteTime (p: PathLike, tp: TimePoint): void
export function lastWriteTime (p: PathLike, tp?: TimePoint): TimePoint | void {
  if (tp === undefined) return generated.lastWriteTime(p)
  generated.setLastWriteTime(p, tp)
}
