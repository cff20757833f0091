// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { natives } from '@emilua/native'
import { type TimePoint } from './clock/time-point.js'
import { type DirectoryIterator } from './directory-iterator.js'
import { type Path } from './path.js'
import { type RecursiveDirectoryIterator } from './recursive-directory-iterator.js'
import type { CopyOptions, DeviceKind, DirectoryOptions, FileStatus, OnExisting, OpenFlag, RecursiveDirectoryOptions, SpaceInfo } from './types.js'

export { DirectoryIterator } from './directory-iterator.js'
export { RecursiveDirectoryIterator } from './recursive-directory-iterator.js'

const native = natives('filesystem')

/**
 * Goes through a folder, in no order.
 *
 * Looks at nothing until the first entry is asked for, which fails with ENOENT, ENOTDIR, EACCES. opendir(3).
 *
 * @param p - The folder.
 * @param opts - How.
 */
export function directoryIterator (p: Path | string | URL, opts?: DirectoryOptions): DirectoryIterator {
  return native['directory_iterator'](p, opts) as DirectoryIterator
}

/**
 * Goes through a folder and all below, in no order; an entry comes before what is in it.
 *
 * Looks at nothing until the first entry is asked for, which fails with ENOENT, ENOTDIR, EACCES. opendir(3).
 *
 * @param p - The folder.
 * @param opts - How.
 */
export function recursiveDirectoryIterator (
  p: Path | string | URL, opts?: RecursiveDirectoryOptions
): RecursiveDirectoryIterator {
  return native['recursive_directory_iterator'](p, opts) as RecursiveDirectoryIterator
}

/**
 * What lies there; symbolic links are followed.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * @param p - Where to look.
 */
export function status (p: Path | string | URL): FileStatus {
  return native['status:sync'](p) as FileStatus
}

/**
 * What lies there; a symbolic link is itself.
 *
 * Nothing there is no error. EACCES. lstat(2).
 *
 * @param p - Where to look.
 */
export function symlinkStatus (p: Path | string | URL): FileStatus {
  return native['symlink_status:sync'](p) as FileStatus
}

/**
 * Whether there is anything; a link that leads nowhere is nothing.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * @param p - Where to look.
 */
export function exists (p: Path | string | URL): boolean {
  return native['exists:sync'](p) as boolean
}

/**
 * Whether it is a block device.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * @param p - Where to look.
 */
export function isBlockDevice (p: Path | string | URL): boolean {
  return native['is_block_device:sync'](p) as boolean
}

/**
 * Whether it is a character device.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * @param p - Where to look.
 */
export function isCharacterDevice (p: Path | string | URL): boolean {
  return native['is_character_device:sync'](p) as boolean
}

/**
 * Whether it is a folder.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * @param p - Where to look.
 */
export function isDirectory (p: Path | string | URL): boolean {
  return native['is_directory:sync'](p) as boolean
}

/**
 * Whether it is a named pipe.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * @param p - Where to look.
 */
export function isFifo (p: Path | string | URL): boolean {
  return native['is_fifo:sync'](p) as boolean
}

/**
 * Whether it is there, and neither a regular file nor a folder nor a link.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * @param p - Where to look.
 */
export function isOther (p: Path | string | URL): boolean {
  return native['is_other:sync'](p) as boolean
}

/**
 * Whether it is a regular file.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * @param p - Where to look.
 */
export function isRegularFile (p: Path | string | URL): boolean {
  return native['is_regular_file:sync'](p) as boolean
}

/**
 * Whether it is a socket.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * @param p - Where to look.
 */
export function isSocket (p: Path | string | URL): boolean {
  return native['is_socket:sync'](p) as boolean
}

/**
 * Whether it is a symbolic link.
 *
 * Nothing there is no error. EACCES. lstat(2).
 *
 * @param p - Where to look.
 */
export function isSymlink (p: Path | string | URL): boolean {
  return native['is_symlink:sync'](p) as boolean
}

/**
 * Whether it is an empty file or an empty folder.
 *
 * ENOENT, EACCES; ENOTSUP for what is neither.
 *
 * @param p - Where to look.
 */
export function isEmpty (p: Path | string | URL): boolean {
  return native['is_empty:sync'](p) as boolean
}

/**
 * Whether both lead to the same file.
 *
 * ENOENT when there is nothing at either. stat(2).
 *
 * @param p1 - One path.
 * @param p2 - Another one.
 */
export function equivalent (p1: Path | string | URL, p2: Path | string | URL): boolean {
  return native['equivalent:sync'](p1, p2) as boolean
}

/**
 * The size of a regular file in bytes.
 *
 * ENOENT, EACCES; EISDIR for a folder, ENOTSUP for what is no regular file either. stat(2).
 *
 * @param p - Where to look.
 */
export function fileSize (p: Path | string | URL): number {
  return native['file_size:sync'](p) as number
}

/**
 * How many names the file has.
 *
 * ENOENT, EACCES. stat(2).
 *
 * @param p - Where to look.
 */
export function hardlinkCount (p: Path | string | URL): number {
  return native['hardlink_count:sync'](p) as number
}

/**
 * When the content of a file was last modified.
 *
 * Symbolic links are followed. ENOENT, EACCES. stat(2).
 *
 * @param p - Where to look.
 */
export function lastWriteTime (p: Path | string | URL): TimePoint {
  return native['last_write_time:sync'](p) as TimePoint
}

/**
 * Where a symbolic link leads.
 *
 * EINVAL when it is no link, ENOENT. readlink(2).
 *
 * @param p - Where to look.
 */
export function readSymlink (p: Path | string | URL): Path {
  return native['read_symlink:sync'](p) as Path
}

/**
 * How many bytes a file system has and has left.
 *
 * ENOENT, EACCES. statvfs(3).
 *
 * @param p - Anything on the file system.
 */
export function space (p: Path | string | URL): SpaceInfo {
  return native['space:sync'](p) as SpaceInfo
}

/**
 * The same path from the root on.
 *
 * EINVAL for the empty path. getcwd(3).
 *
 * @param p - Any path.
 */
export function absolute (p: Path | string | URL): Path {
  return native['absolute:sync'](p) as Path
}

/**
 * The path from the root on that has no symbolic links, no "." and no "..".
 *
 * ENOENT when there is nothing, ELOOP. realpath(3).
 *
 * @param p - Any path.
 */
export function canonical (p: Path | string | URL): Path {
  return native['canonical:sync'](p) as Path
}

/**
 * The same of what is there, and the rest in its normal form.
 *
 * EACCES, ELOOP. realpath(3).
 *
 * @param p - Any path.
 */
export function weaklyCanonical (p: Path | string | URL): Path {
  return native['weakly_canonical:sync'](p) as Path
}

/**
 * The way from `base` to `p`, symbolic links resolved.
 *
 * Empty when there is none. See `Path.lexicallyRelative`.
 *
 * @param p - Where to go.
 * @param base - Where to begin; the working directory if it is left out.
 */
export function relative (p: Path | string | URL, base?: Path | string | URL): Path {
  return native['relative:sync'](p, base) as Path
}

/**
 * The way from `base` to `p`, or `p` itself, resolved, when there is none.
 *
 * @param p - Where to go.
 * @param base - Where to begin; the working directory if it is left out.
 */
export function proximate (p: Path | string | URL, base?: Path | string | URL): Path {
  return native['proximate:sync'](p, base) as Path
}

/**
 * Where the process is.
 *
 * ENOENT when the folder was removed. getcwd(3).
 */
export function currentWorkingDirectory (): Path {
  return native['current_working_directory:sync']() as Path
}

/**
 * Brings the process to a folder.
 *
 * ENOENT, ENOTDIR, EACCES. Only of the master VM. chdir(2), fchdir(2).
 *
 * Only the main thread may call it.
 *
 * @param p - A folder, or the descriptor of one.
 */
export function setCurrentWorkingDirectory (p: Path | string | URL | FileDescriptor): void {
  native['set_current_working_directory:sync'](p)
}

/**
 * Makes a folder the root of the process.
 *
 * The working directory stays. EPERM without the right to. Only of the master VM. chroot(2).
 *
 * Only the main thread may call it.
 *
 * @param p - The folder.
 */
export function chroot (p: Path | string | URL): void {
  native['chroot:sync'](p)
}

/**
 * Where temporary files go.
 *
 * What TMPDIR, TMP, TEMP or TEMPDIR says, or /tmp. ENOENT, ENOTDIR when there is no such folder.
 */
export function tempDirectoryPath (): Path {
  return native['temp_directory_path:sync']() as Path
}

/**
 * Opens a file.
 *
 * Never as the controlling terminal, never inherited by child processes. EINVAL for flags that exclude each other,
 * and for `mode` when it is missing beside `create` or `temporary`. ENOENT, EACCES, EEXIST, ELOOP, ENOTDIR and
 * others. Opening a named pipe waits for its other side. open(2).
 *
 * @param path - Where it is.
 * @param flags - For what, and how.
 * @param mode - Permissions, of which the umask takes some away: `create` and `temporary` need them. Not negative.
 */
export function open (path: Path | string | URL, flags?: readonly OpenFlag[], mode?: number): FileDescriptor {
  return native['open:sync'](path, flags, mode) as FileDescriptor
}

/**
 * Makes a folder, and returns whether there was none.
 *
 * ENOENT, EACCES, EEXIST for what is no folder. mkdir(2).
 *
 * @param p - Where.
 * @param existingP - A folder whose permissions it gets.
 */
export function createDirectory (p: Path | string | URL, existingP?: Path | string | URL): boolean {
  return native['create_directory:sync'](p, existingP) as boolean
}

/**
 * Makes a folder and all above that are missing, and returns whether it made any.
 *
 * EACCES, ENOTDIR. mkdir(2).
 *
 * @param p - Where.
 */
export function createDirectories (p: Path | string | URL): boolean {
  return native['create_directories:sync'](p) as boolean
}

/**
 * Makes a folder.
 *
 * EEXIST when there is something, ENOENT, EACCES. mkdir(2).
 *
 * @param p - Where.
 * @param mode - Permissions, of which the umask takes some away. Not negative.
 */
export function mkdir (p: Path | string | URL, mode: number): void {
  native['mkdir:sync'](p, mode)
}

/**
 * Gives a file another name.
 *
 * EEXIST, ENOENT, EXDEV, EPERM for a folder. link(2).
 *
 * @param target - A file.
 * @param link - Its other name.
 */
export function createHardlink (target: Path | string | URL, link: Path | string | URL): void {
  native['create_hardlink:sync'](target, link)
}

/**
 * Makes a symbolic link.
 *
 * EEXIST, ENOENT, EACCES. symlink(2).
 *
 * @param target - Where it leads; nobody looks there.
 * @param link - Where the link lies.
 */
export function createSymlink (target: Path | string | URL, link: Path | string | URL): void {
  native['create_symlink:sync'](target, link)
}

/**
 * Makes a symbolic link to a folder; on Linux the same.
 *
 * EEXIST, ENOENT, EACCES. symlink(2).
 *
 * @param target - Where it leads; nobody looks there.
 * @param link - Where the link lies.
 */
export function createDirectorySymlink (target: Path | string | URL, link: Path | string | URL): void {
  native['create_directory_symlink:sync'](target, link)
}

/**
 * Makes a named pipe.
 *
 * EEXIST, ENOENT, EACCES. mkfifo(3).
 *
 * @param p - Where.
 * @param mode - Permissions, of which the umask takes some away. Not negative.
 */
export function mkfifo (p: Path | string | URL, mode: number): void {
  native['mkfifo:sync'](p, mode)
}

/**
 * Makes a file of any kind.
 *
 * EPERM without the right to, EEXIST, ENOENT. mknod(2).
 *
 * @param p - Where.
 * @param mode - Permissions; and the kind, unless `type` says it. Not negative.
 * @param dev - Which device: see `makedev`. Not negative.
 * @param type - What kind of device.
 */
export function mknod (p: Path | string | URL, mode: number, dev: number, type?: DeviceKind): void {
  native['mknod:sync'](p, mode, dev, type)
}

/**
 * Changes whose a file is; symbolic links are followed.
 *
 * EPERM without the right to, ENOENT, EACCES. chown(2).
 *
 * @param p - The file.
 * @param owner - A user; -1 changes nothing.
 * @param group - A group; -1 changes nothing.
 */
export function chown (p: Path | string | URL, owner: number, group: number): void {
  native['chown:sync'](p, owner, group)
}

/**
 * Changes whose a file, or a symbolic link itself, is.
 *
 * EPERM without the right to, ENOENT, EACCES. chown(2).
 *
 * @param p - The file.
 * @param owner - A user; -1 changes nothing.
 * @param group - A group; -1 changes nothing.
 */
export function lchown (p: Path | string | URL, owner: number, group: number): void {
  native['lchown:sync'](p, owner, group)
}

/**
 * Changes who may do what; symbolic links are followed.
 *
 * EPERM for others than the owner, ENOENT, EACCES. chmod(2).
 *
 * @param p - The file.
 * @param mode - Permissions: see `mode`. Not negative.
 */
export function chmod (p: Path | string | URL, mode: number): void {
  native['chmod:sync'](p, mode)
}

/**
 * Changes who may do what with a file that is no symbolic link.
 *
 * EOPNOTSUPP for a link, which has no permissions on Linux. fchmodat(2).
 *
 * @param p - The file.
 * @param mode - Permissions: see `mode`. Not negative.
 */
export function lchmod (p: Path | string | URL, mode: number): void {
  native['lchmod:sync'](p, mode)
}

/**
 * Sets when a file was last modified.
 *
 * Symbolic links are followed. File systems round it to what they can keep. EPERM, ENOENT, EACCES. utimensat(2).
 *
 * @param p - The file.
 * @param tp - When.
 */
export function setLastWriteTime (p: Path | string | URL, tp: TimePoint): void {
  native['set_last_write_time:sync'](p, tp)
}

/**
 * Cuts a file off, or fills it up with zeros.
 *
 * ENOENT, EACCES, EISDIR, EFBIG. truncate(2).
 *
 * @param p - A regular file.
 * @param newSize - In bytes. Not negative.
 */
export function resizeFile (p: Path | string | URL, newSize: number): void {
  native['resize_file:sync'](p, newSize)
}

/**
 * What programs gain that are executed from a file.
 *
 * As text: "cap_net_raw=ep", of which `capFromText` of `@emilua/system` makes an object. ENODATA for a file that
 * has no capabilities, ENOENT, ENOTSUP where the file system keeps none. cap_get_file(3).
 *
 * @param path - A regular file.
 */
export function capGetFile (path: Path | string | URL): string {
  return native['cap_get_file:sync'](path) as string
}

/**
 * Sets what programs gain that are executed from a file.
 *
 * As text: "cap_net_raw=ep", which is what an object of `@emilua/system` is as text. EPERM without CAP_SETFCAP,
 * EINVAL for a text that is none and for what is no regular file, ENOENT, ENOTSUP. cap_set_file(3).
 *
 * @param path - A regular file.
 * @param caps - What it gives; nothing takes all away, and that it had any.
 */
export function capSetFile (path: Path | string | URL, caps?: string): void {
  native['cap_set_file:sync'](path, caps)
}

/**
 * Copies files and folders.
 *
 * A folder in which something changes places with a symbolic link meanwhile is not left through it, and links
 * inside the destination are not followed: ELOOP, ENOTDIR. EEXIST, ENOENT, EACCES, EINVAL for what is neither file,
 * folder nor link.
 *
 * @param from - What is copied.
 * @param to - Where it goes.
 * @param opts - How; with nothing said, files and what is directly in a folder, and links are followed.
 */
export function copy (from: Path | string | URL, to: Path | string | URL, opts?: CopyOptions): void {
  native['copy:sync'](from, to, opts)
}

/**
 * Copies a file and its permissions, and returns whether it did.
 *
 * ENOENT, EACCES, EINVAL for what is no regular file. copy_file_range(2).
 *
 * @param from - A regular file.
 * @param to - Where it goes.
 * @param onExisting - What happens to a file that is there; an error (EEXIST) if nothing is said.
 */
export function copyFile (from: Path | string | URL, to: Path | string | URL, onExisting?: OnExisting): boolean {
  return native['copy_file:sync'](from, to, onExisting) as boolean
}

/**
 * Makes the same symbolic link somewhere else.
 *
 * EINVAL when it is no link, EEXIST, ENOENT. symlink(2).
 *
 * @param from - A symbolic link.
 * @param to - Where the other one lies.
 */
export function copySymlink (from: Path | string | URL, to: Path | string | URL): void {
  native['copy_symlink:sync'](from, to)
}

/**
 * Removes a file or an empty folder, and returns whether there was one.
 *
 * A symbolic link is removed itself. ENOTEMPTY, EACCES, EPERM. unlink(2), rmdir(2).
 *
 * @param p - What is removed.
 */
export function remove (p: Path | string | URL): boolean {
  return native['remove:sync'](p) as boolean
}

/**
 * Removes what is there and all below, and returns how many files that were.
 *
 * Symbolic links are removed themselves, also those that somebody puts in the place of a folder meanwhile. EACCES,
 * EPERM.
 *
 * @param p - What is removed.
 */
export function removeAll (p: Path | string | URL): number {
  return native['remove_all:sync'](p) as number
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
export function rename (oldPath: Path | string | URL, newPath: Path | string | URL): void {
  native['rename:sync'](oldPath, newPath)
}
