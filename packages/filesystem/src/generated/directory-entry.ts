// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
import { adopt, handleOf, NativeObject, natives, notConstructible, operate0, type OperationOptions, register } from '@emilua/native'
import type { TimePoint } from './clock/time-point.js'
import type { Path } from './path.js'
import type { FileStatus, FileType } from './types.js'

const native = natives('filesystem')

/**
 * What a folder holds. What the folder itself has told is known; the file is asked when something else is first
 * wanted.
 */
export class DirectoryEntry extends NativeObject {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('filesystem.directory_entry'))
  }

  /** Where it lies: the folder that was given, and the way from there. */
  get path (): Path {
    return native['directory_entry.path'](handleOf(this)) as Path
  }

  /** How deep it lies; 0 in the folder that was given. */
  get depth (): number {
    return native['directory_entry.depth'](handleOf(this)) as number
  }

  /**
   * What it is; a symbolic link is itself.
   *
   * The folder has told, except on some old file systems.
   */
  get type (): FileType {
    return native['directory_entry.type'](handleOf(this)) as FileType
  }

  /**
   * The size of the file in bytes.
   *
   * EISDIR for a folder, ENOTSUP for what is no regular file either. Of what a symbolic link leads to, as it was at
   * the first look. ENOENT for a link that leads nowhere. `DirectoryEntry.refresh` looks again. stat(2).
   */
  get fileSize (): number {
    return native['directory_entry.file_size'](handleOf(this)) as number
  }

  /**
   * How many names the file has.
   *
   * Of what a symbolic link leads to, as it was at the first look. ENOENT for a link that leads nowhere.
   * `DirectoryEntry.refresh` looks again. stat(2).
   */
  get hardlinkCount (): number {
    return native['directory_entry.hardlink_count'](handleOf(this)) as number
  }

  /**
   * When its content was last modified.
   *
   * Of what a symbolic link leads to, as it was at the first look. ENOENT for a link that leads nowhere.
   * `DirectoryEntry.refresh` looks again. stat(2).
   */
  get lastWriteTime (): TimePoint {
    return native['directory_entry.last_write_time'](handleOf(this)) as TimePoint
  }

  /**
   * What {@link status} says of it.
   *
   * As it was at the first look.
   */
  get status (): FileStatus {
    return native['directory_entry.status'](handleOf(this)) as FileStatus
  }

  /**
   * What {@link symlinkStatus} says of it.
   *
   * As it was at the first look.
   */
  get symlinkStatus (): FileStatus {
    return native['directory_entry.symlink_status'](handleOf(this)) as FileStatus
  }

  /**
   * Looks at the file again.
   *
   * ENOENT when it is gone. lstat(2).
   *
   * A thread of the core does it. Its signal ends it only before a thread has begun.
   *
   * @param options - A signal that ends the wait.
   */
  refresh (options?: OperationOptions): Promise<void> {
    return operate0(native['directory_entry.refresh'], handleOf(this), options)
  }

  /** As {@link refresh}, and keeps this thread until it is done. */
  refreshSync (): void {
    native['directory_entry.refresh:sync'](handleOf(this))
  }
}

register('filesystem', 'directory_entry', DirectoryEntry)
