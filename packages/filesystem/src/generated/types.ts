// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
/** What `opts` of `recursiveDirectoryIterator` may be. */
export interface RecursiveDirectoryOptions {
  /** Passes over the folders that may not be read. */
  skipPermissionDenied?: boolean | undefined
  /** Enters folders through symbolic links too. */
  followDirectorySymlink?: boolean | undefined
}

/** What `space` gives. */
export interface SpaceInfo {
  /** The size of the file system. */
  capacity: number
  /** What of it is free. */
  free: number
  /** What of it is free for other users than root. */
  available: number
}
