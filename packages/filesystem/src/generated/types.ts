// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
/** What `opts` of `copy` may be. */
export type CopyInstead =
  /** Only the folders. */
  | 'directories_only'
  /** Links to the files; `from` is absolute, then. */
  | 'create_symlinks'
  /** More names of the files. */
  | 'create_hardlinks'

/** What `type` of `mknod` may be. */
export type DeviceKind =
  /** A character device (S_IFCHR). */
  | 'character'
  /** A block device (S_IFBLK). */
  | 'block'

/** What `status` gives. */
export type FileType =
  /** Nothing. */
  | 'not_found'
  /** A plain file. */
  | 'regular'
  /** A folder. */
  | 'directory'
  /** A symbolic link. */
  | 'symlink'
  /** A block device. */
  | 'block'
  /** A character device. */
  | 'character'
  /** A named pipe. */
  | 'fifo'
  /** A socket. */
  | 'socket'
  /** Something that may not be looked at. */
  | 'unknown'

/** What `user` of `mode` may be. */
export type ModeBit =
  /** Runs as its owner (S_ISUID). */
  | 'set_uid'
  /** Runs as its group (S_ISGID). */
  | 'set_gid'
  /** In this folder, only owners remove files (S_ISVTX). */
  | 'sticky_bit'

/** What `status` gives. */
export type NoMode =
  /** Nobody knows. */
  | 'unknown'

/** What `opts` of `copy` may be. */
export type OnExisting =
  /** Keeps the file that is there. */
  | 'skip'
  /** Replaces it. */
  | 'overwrite'
  /** Replaces it if it is the older one. */
  | 'update'

/** What `opts` of `copy` may be. */
export type OnSymlink =
  /** Makes the same link there. */
  | 'copy'
  /** Leaves links out. */
  | 'skip'

/** What `flags` of `open` may be. */
export type OpenFlag =
  /** Each write goes to the end (O_APPEND). */
  | 'append'
  /** Makes the file if there is none. */
  | 'create'
  /** Refuses what is no folder (ENOTDIR). */
  | 'directory'
  /** With `create`: refuses a file that is there (EEXIST). */
  | 'exclusive'
  /** Refuses a symbolic link (ELOOP). */
  | 'no_follow'
  /** Refers to it without opening it (O_PATH). */
  | 'path'
  /** For reading. */
  | 'read_only'
  /** For both. */
  | 'read_write'
  /** A write is done when it is on the disk (O_SYNC). */
  | 'sync_all_on_write'
  /** A file without a name in the folder that is given (O_TMPFILE). */
  | 'temporary'
  /** Empties the file first. */
  | 'truncate'
  /** For writing. */
  | 'write_only'

/** What `opts` of `copy` may be. */
export interface CopyOptions {
  /** What happens to a file that is there; an error (EEXIST) if nothing is said. */
  existing?: OnExisting | undefined
  /** Copies what is in folders, too. */
  recursive?: boolean | undefined
  /** What happens to symbolic links, which are followed if nothing is said. */
  symlinks?: OnSymlink | undefined
  /** What is made in place of copies. */
  copy?: CopyInstead | undefined
}

/** What `opts` of `directoryIterator` may be. */
export interface DirectoryOptions {
  /** A folder that may not be read is an empty one. */
  skipPermissionDenied?: boolean | undefined
}

/** What `status` gives. */
export interface FileStatus {
  /** What it is. */
  type: FileType
  /** Its permissions (chmod(2)), unless there is nothing that could have any. */
  mode: number | NoMode
}

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
