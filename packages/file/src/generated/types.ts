// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "file"; change that instead.
/** What `flags` of `RandomAccess.open` may be. */
export type FileOpenFlag =
  /** Each write goes to the end (O_APPEND). */
  | 'append'
  /** Makes the file if there is none. */
  | 'create'
  /** With `create`: refuses a file that is there (EEXIST). */
  | 'exclusive'
  /** For reading. */
  | 'read_only'
  /** For both. */
  | 'read_write'
  /** A write is done when it is on the disk (O_SYNC). */
  | 'sync_all_on_write'
  /** Empties the file first. */
  | 'truncate'
  /** For writing. */
  | 'write_only'

/** What `whence` of `Stream.seek` may be. */
export type SeekOrigin =
  /** The beginning of the file. */
  | 'set'
  /** Where the position is. */
  | 'cur'
  /** The end of the file. */
  | 'end'
