// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
import { adopt, handleOf, NativeObject, natives, notConstructible, operate0, type OperationOptions, register } from '@emilua/native'
import type { Path } from './path.js'

const native = natives('filesystem')

/** What a folder holds. */
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
   * The size of the file in bytes, as it was at the last look.
   *
   * Of what a symbolic link leads to. EISDIR for a folder, ENOTSUP for what is no regular file either, ENOENT for a
   * link that leads nowhere. See `DirectoryEntry.refresh`. stat(2).
   */
  get fileSize (): number {
    return native['directory_entry.file_size'](handleOf(this)) as number
  }

  /**
   * Looks at the file again.
   *
   * ENOENT when it is gone. stat(2).
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
