// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { natives, operate0, operate1, operate2, operate3, operate4, type OperationOptions } from '@emilua/native'
import type { TimePoint } from './clock/time-point.js'
import type { DirectoryIterator } from './directory-iterator.js'
import type { Path } from './path.js'
import type { RecursiveDirectoryIterator } from './recursive-directory-iterator.js'
import type { CopyOptions, DeviceKind, DirectoryOptions, FileStatus, ModeBit, OnExisting, OpenFlag, RecursiveDirectoryOptions, SpaceInfo } from './types.js'

const native = natives('filesystem')

/** What separates the parts of a path. */
export const preferredSeparator = native['preferred_separator'] as unknown as string

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
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function status (p: Path | string | URL, options?: OperationOptions): Promise<FileStatus> {
  return operate1(native['status'], 0, options, p)
}

/**
 * What lies there; a symbolic link is itself.
 *
 * Nothing there is no error. EACCES. lstat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function symlinkStatus (p: Path | string | URL, options?: OperationOptions): Promise<FileStatus> {
  return operate1(native['symlink_status'], 0, options, p)
}

/**
 * Whether there is anything; a link that leads nowhere is nothing.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function exists (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['exists'], 0, options, p)
}

/**
 * Whether it is a block device.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function isBlockDevice (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['is_block_device'], 0, options, p)
}

/**
 * Whether it is a character device.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function isCharacterDevice (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['is_character_device'], 0, options, p)
}

/**
 * Whether it is a folder.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function isDirectory (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['is_directory'], 0, options, p)
}

/**
 * Whether it is a named pipe.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function isFifo (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['is_fifo'], 0, options, p)
}

/**
 * Whether it is there, and neither a regular file nor a folder nor a link.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function isOther (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['is_other'], 0, options, p)
}

/**
 * Whether it is a regular file.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function isRegularFile (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['is_regular_file'], 0, options, p)
}

/**
 * Whether it is a socket.
 *
 * Nothing there is no error. EACCES, ELOOP. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function isSocket (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['is_socket'], 0, options, p)
}

/**
 * Whether it is a symbolic link.
 *
 * Nothing there is no error. EACCES. lstat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function isSymlink (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['is_symlink'], 0, options, p)
}

/**
 * Whether it is an empty file or an empty folder.
 *
 * ENOENT, EACCES; ENOTSUP for what is neither.
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function isEmpty (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['is_empty'], 0, options, p)
}

/**
 * Whether both lead to the same file.
 *
 * ENOENT when there is nothing at either. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p1 - One path.
 * @param p2 - Another one.
 * @param options - A signal that ends the wait.
 */
export function equivalent (
  p1: Path | string | URL, p2: Path | string | URL, options?: OperationOptions
): Promise<boolean> {
  return operate2(native['equivalent'], 0, options, p1, p2)
}

/**
 * The size of a regular file in bytes.
 *
 * ENOENT, EACCES; EISDIR for a folder, ENOTSUP for what is no regular file either. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function fileSize (p: Path | string | URL, options?: OperationOptions): Promise<number> {
  return operate1(native['file_size'], 0, options, p)
}

/**
 * How many names the file has.
 *
 * ENOENT, EACCES. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function hardlinkCount (p: Path | string | URL, options?: OperationOptions): Promise<number> {
  return operate1(native['hardlink_count'], 0, options, p)
}

/**
 * When the content of a file was last modified.
 *
 * Symbolic links are followed. ENOENT, EACCES. stat(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function lastWriteTime (p: Path | string | URL, options?: OperationOptions): Promise<TimePoint> {
  return operate1(native['last_write_time'], 0, options, p)
}

/**
 * Where a symbolic link leads.
 *
 * EINVAL when it is no link, ENOENT. readlink(2).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to look.
 * @param options - A signal that ends the wait.
 */
export function readSymlink (p: Path | string | URL, options?: OperationOptions): Promise<Path> {
  return operate1(native['read_symlink'], 0, options, p)
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
export function space (p: Path | string | URL, options?: OperationOptions): Promise<SpaceInfo> {
  return operate1(native['space'], 0, options, p)
}

/**
 * The same path from the root on.
 *
 * EINVAL for the empty path. getcwd(3).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Any path.
 * @param options - A signal that ends the wait.
 */
export function absolute (p: Path | string | URL, options?: OperationOptions): Promise<Path> {
  return operate1(native['absolute'], 0, options, p)
}

/**
 * The path from the root on that has no symbolic links, no "." and no "..".
 *
 * ENOENT when there is nothing, ELOOP. realpath(3).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Any path.
 * @param options - A signal that ends the wait.
 */
export function canonical (p: Path | string | URL, options?: OperationOptions): Promise<Path> {
  return operate1(native['canonical'], 0, options, p)
}

/**
 * The same of what is there, and the rest in its normal form.
 *
 * EACCES, ELOOP. realpath(3).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Any path.
 * @param options - A signal that ends the wait.
 */
export function weaklyCanonical (p: Path | string | URL, options?: OperationOptions): Promise<Path> {
  return operate1(native['weakly_canonical'], 0, options, p)
}

/**
 * The way from `base` to `p`, symbolic links resolved.
 *
 * Empty when there is none. See `Path.lexicallyRelative`.
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to go.
 * @param base - Where to begin; the working directory if it is left out.
 * @param options - A signal that ends the wait.
 */
export function relative (
  p: Path | string | URL, base?: Path | string | URL, options?: OperationOptions
): Promise<Path> {
  return operate2(native['relative'], 0, options, p, base)
}

/**
 * The way from `base` to `p`, or `p` itself, resolved, when there is none.
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param p - Where to go.
 * @param base - Where to begin; the working directory if it is left out.
 * @param options - A signal that ends the wait.
 */
export function proximate (
  p: Path | string | URL, base?: Path | string | URL, options?: OperationOptions
): Promise<Path> {
  return operate2(native['proximate'], 0, options, p, base)
}

/**
 * Where the process is.
 *
 * ENOENT when the folder was removed. getcwd(3).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param options - A signal that ends the wait.
 */
export function currentWorkingDirectory (options?: OperationOptions): Promise<Path> {
  return operate0(native['current_working_directory'], 0, options)
}

/**
 * Brings the process to a folder.
 *
 * ENOENT, ENOTDIR, EACCES. Only of the master VM. chdir(2), fchdir(2).
 *
 * Only the main thread may call it.
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - A folder, or the descriptor of one.
 * @param options - A signal that ends the wait.
 */
export function setCurrentWorkingDirectory (
  p: Path | string | URL | FileDescriptor, options?: OperationOptions
): Promise<void> {
  return operate1(native['set_current_working_directory'], 0, options, p)
}

/**
 * Makes a folder the root of the process.
 *
 * The working directory stays. EPERM without the right to. Only of the master VM. chroot(2).
 *
 * Only the main thread may call it.
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - The folder.
 * @param options - A signal that ends the wait.
 */
export function chroot (p: Path | string | URL, options?: OperationOptions): Promise<void> {
  return operate1(native['chroot'], 0, options, p)
}

/**
 * Where temporary files go.
 *
 * What TMPDIR, TMP, TEMP or TEMPDIR says, or /tmp. ENOENT, ENOTDIR when there is no such folder.
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param options - A signal that ends the wait.
 */
export function tempDirectoryPath (options?: OperationOptions): Promise<Path> {
  return operate0(native['temp_directory_path'], 0, options)
}

/**
 * Permission bits: `mode(7, 5, 5)`, `mode('set_uid')`.
 *
 * `user * 64 + group * 8 + other`.
 *
 * @param user - What the owner may do: 4 read, 2 write, 1 execute or enter. Or the name of a bit, and nothing else.
 * @param group - What the group may do.
 * @param other - What all others may do.
 */
export function mode (user: number | ModeBit, group?: number, other?: number): number {
  return native['mode'](user, group, other) as number
}

/**
 * Opens a file.
 *
 * Never as the controlling terminal, never inherited by child processes. EINVAL for flags that exclude each other,
 * and for `mode` when it is missing beside `create` or `temporary`. ENOENT, EACCES, EEXIST, ELOOP, ENOTDIR and
 * others. Opening a named pipe waits for its other side. open(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param path - Where it is.
 * @param flags - For what, and how.
 * @param mode - Permissions, of which the umask takes some away: `create` and `temporary` need them. Not negative.
 * @param options - A signal that ends the wait.
 */
export function open (
  path: Path | string | URL, flags?: readonly OpenFlag[], mode?: number, options?: OperationOptions
): Promise<FileDescriptor> {
  return operate3(native['open'], 0, options, path, flags, mode)
}

/**
 * Makes a folder, and returns whether there was none.
 *
 * ENOENT, EACCES, EEXIST for what is no folder. mkdir(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - Where.
 * @param existingP - A folder whose permissions it gets.
 * @param options - A signal that ends the wait.
 */
export function createDirectory (
  p: Path | string | URL, existingP?: Path | string | URL, options?: OperationOptions
): Promise<boolean> {
  return operate2(native['create_directory'], 0, options, p, existingP)
}

/**
 * Makes a folder and all above that are missing, and returns whether it made any.
 *
 * EACCES, ENOTDIR. mkdir(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - Where.
 * @param options - A signal that ends the wait.
 */
export function createDirectories (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['create_directories'], 0, options, p)
}

/**
 * Makes a folder.
 *
 * EEXIST when there is something, ENOENT, EACCES. mkdir(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - Where.
 * @param mode - Permissions, of which the umask takes some away. Not negative.
 * @param options - A signal that ends the wait.
 */
export function mkdir (p: Path | string | URL, mode: number, options?: OperationOptions): Promise<void> {
  return operate2(native['mkdir'], 0, options, p, mode)
}

/**
 * Gives a file another name.
 *
 * EEXIST, ENOENT, EXDEV, EPERM for a folder. link(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param target - A file.
 * @param link - Its other name.
 * @param options - A signal that ends the wait.
 */
export function createHardlink (
  target: Path | string | URL, link: Path | string | URL, options?: OperationOptions
): Promise<void> {
  return operate2(native['create_hardlink'], 0, options, target, link)
}

/**
 * Makes a symbolic link.
 *
 * EEXIST, ENOENT, EACCES. symlink(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param target - Where it leads; nobody looks there.
 * @param link - Where the link lies.
 * @param options - A signal that ends the wait.
 */
export function createSymlink (
  target: Path | string | URL, link: Path | string | URL, options?: OperationOptions
): Promise<void> {
  return operate2(native['create_symlink'], 0, options, target, link)
}

/**
 * Makes a symbolic link to a folder; on Linux the same.
 *
 * EEXIST, ENOENT, EACCES. symlink(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param target - Where it leads; nobody looks there.
 * @param link - Where the link lies.
 * @param options - A signal that ends the wait.
 */
export function createDirectorySymlink (
  target: Path | string | URL, link: Path | string | URL, options?: OperationOptions
): Promise<void> {
  return operate2(native['create_directory_symlink'], 0, options, target, link)
}

/**
 * Makes a named pipe.
 *
 * EEXIST, ENOENT, EACCES. mkfifo(3).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - Where.
 * @param mode - Permissions, of which the umask takes some away. Not negative.
 * @param options - A signal that ends the wait.
 */
export function mkfifo (p: Path | string | URL, mode: number, options?: OperationOptions): Promise<void> {
  return operate2(native['mkfifo'], 0, options, p, mode)
}

/**
 * Makes a file of any kind.
 *
 * EPERM without the right to, EEXIST, ENOENT. mknod(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - Where.
 * @param mode - Permissions; and the kind, unless `type` says it. Not negative.
 * @param dev - Which device: see `makedev`. Not negative.
 * @param type - What kind of device.
 * @param options - A signal that ends the wait.
 */
export function mknod (
  p: Path | string | URL, mode: number, dev: number, type?: DeviceKind, options?: OperationOptions
): Promise<void> {
  return operate4(native['mknod'], 0, options, p, mode, dev, type)
}

/**
 * The number of a device. makedev(3).
 *
 * @param major - Which driver. Not negative.
 * @param minor - Which of its devices. Not negative.
 */
export function makedev (major: number, minor: number): number {
  return native['makedev'](major, minor) as number
}

/**
 * Which driver. makedev(3).
 *
 * @param dev - The number of a device. Not negative.
 */
export function devMajor (dev: number): number {
  return native['dev_major'](dev) as number
}

/**
 * Which of its devices. makedev(3).
 *
 * @param dev - The number of a device. Not negative.
 */
export function devMinor (dev: number): number {
  return native['dev_minor'](dev) as number
}

/**
 * Changes whose a file is; symbolic links are followed.
 *
 * EPERM without the right to, ENOENT, EACCES. chown(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - The file.
 * @param owner - A user; -1 changes nothing.
 * @param group - A group; -1 changes nothing.
 * @param options - A signal that ends the wait.
 */
export function chown (
  p: Path | string | URL, owner: number, group: number, options?: OperationOptions
): Promise<void> {
  return operate3(native['chown'], 0, options, p, owner, group)
}

/**
 * Changes whose a file, or a symbolic link itself, is.
 *
 * EPERM without the right to, ENOENT, EACCES. chown(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - The file.
 * @param owner - A user; -1 changes nothing.
 * @param group - A group; -1 changes nothing.
 * @param options - A signal that ends the wait.
 */
export function lchown (
  p: Path | string | URL, owner: number, group: number, options?: OperationOptions
): Promise<void> {
  return operate3(native['lchown'], 0, options, p, owner, group)
}

/**
 * Changes who may do what; symbolic links are followed.
 *
 * EPERM for others than the owner, ENOENT, EACCES. chmod(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - The file.
 * @param mode - Permissions: see `mode`. Not negative.
 * @param options - A signal that ends the wait.
 */
export function chmod (p: Path | string | URL, mode: number, options?: OperationOptions): Promise<void> {
  return operate2(native['chmod'], 0, options, p, mode)
}

/**
 * Changes who may do what with a file that is no symbolic link.
 *
 * EOPNOTSUPP for a link, which has no permissions on Linux. fchmodat(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - The file.
 * @param mode - Permissions: see `mode`. Not negative.
 * @param options - A signal that ends the wait.
 */
export function lchmod (p: Path | string | URL, mode: number, options?: OperationOptions): Promise<void> {
  return operate2(native['lchmod'], 0, options, p, mode)
}

/**
 * Sets when a file was last modified.
 *
 * Symbolic links are followed. File systems round it to what they can keep. EPERM, ENOENT, EACCES. utimensat(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - The file.
 * @param tp - When.
 * @param options - A signal that ends the wait.
 */
export function setLastWriteTime (
  p: Path | string | URL, tp: TimePoint, options?: OperationOptions
): Promise<void> {
  return operate2(native['set_last_write_time'], 0, options, p, tp)
}

/**
 * Cuts a file off, or fills it up with zeros.
 *
 * ENOENT, EACCES, EISDIR, EFBIG. truncate(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - A regular file.
 * @param newSize - In bytes. Not negative.
 * @param options - A signal that ends the wait.
 */
export function resizeFile (p: Path | string | URL, newSize: number, options?: OperationOptions): Promise<void> {
  return operate2(native['resize_file'], 0, options, p, newSize)
}

/**
 * Sets what new files of the process have taken away, and returns what it was.
 *
 * Only of the master VM. umask(2).
 *
 * Only the main thread may call it.
 *
 * @param mask - Permissions that nobody gets; of these, 0777 count. Not negative.
 */
export function umask (mask: number): number {
  return native['umask'](mask) as number
}

/**
 * What programs gain that are executed from a file.
 *
 * As text: "cap_net_raw=ep", of which `capFromText` of `@emilua/system` makes an object. ENODATA for a file that
 * has no capabilities, ENOENT, ENOTSUP where the file system keeps none. cap_get_file(3).
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param path - A regular file.
 * @param options - A signal that ends the wait.
 */
export function capGetFile (path: Path | string | URL, options?: OperationOptions): Promise<string> {
  return operate1(native['cap_get_file'], 0, options, path)
}

/**
 * Sets what programs gain that are executed from a file.
 *
 * As text: "cap_net_raw=ep", which is what an object of `@emilua/system` is as text. EPERM without CAP_SETFCAP,
 * EINVAL for a text that is none and for what is no regular file, ENOENT, ENOTSUP. cap_set_file(3).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param path - A regular file.
 * @param caps - What it gives; nothing takes all away, and that it had any.
 * @param options - A signal that ends the wait.
 */
export function capSetFile (path: Path | string | URL, caps?: string, options?: OperationOptions): Promise<void> {
  return operate2(native['cap_set_file'], 0, options, path, caps)
}

/**
 * Copies files and folders.
 *
 * A folder in which something changes places with a symbolic link meanwhile is not left through it, and links
 * inside the destination are not followed: ELOOP, ENOTDIR. EEXIST, ENOENT, EACCES, EINVAL for what is neither file,
 * folder nor link.
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param from - What is copied.
 * @param to - Where it goes.
 * @param opts - How; with nothing said, files and what is directly in a folder, and links are followed.
 * @param options - A signal that ends the wait.
 */
export function copy (
  from: Path | string | URL, to: Path | string | URL, opts?: CopyOptions, options?: OperationOptions
): Promise<void> {
  return operate3(native['copy'], 0, options, from, to, opts)
}

/**
 * Copies a file and its permissions, and returns whether it did.
 *
 * ENOENT, EACCES, EINVAL for what is no regular file. copy_file_range(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param from - A regular file.
 * @param to - Where it goes.
 * @param onExisting - What happens to a file that is there; an error (EEXIST) if nothing is said.
 * @param options - A signal that ends the wait.
 */
export function copyFile (
  from: Path | string | URL, to: Path | string | URL, onExisting?: OnExisting, options?: OperationOptions
): Promise<boolean> {
  return operate3(native['copy_file'], 0, options, from, to, onExisting)
}

/**
 * Makes the same symbolic link somewhere else.
 *
 * EINVAL when it is no link, EEXIST, ENOENT. symlink(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param from - A symbolic link.
 * @param to - Where the other one lies.
 * @param options - A signal that ends the wait.
 */
export function copySymlink (
  from: Path | string | URL, to: Path | string | URL, options?: OperationOptions
): Promise<void> {
  return operate2(native['copy_symlink'], 0, options, from, to)
}

/**
 * Removes a file or an empty folder, and returns whether there was one.
 *
 * A symbolic link is removed itself. ENOTEMPTY, EACCES, EPERM. unlink(2), rmdir(2).
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - What is removed.
 * @param options - A signal that ends the wait.
 */
export function remove (p: Path | string | URL, options?: OperationOptions): Promise<boolean> {
  return operate1(native['remove'], 0, options, p)
}

/**
 * Removes what is there and all below, and returns how many files that were.
 *
 * Symbolic links are removed themselves, also those that somebody puts in the place of a folder meanwhile. EACCES,
 * EPERM.
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param p - What is removed.
 * @param options - A signal that ends the wait.
 */
export function removeAll (p: Path | string | URL, options?: OperationOptions): Promise<number> {
  return operate1(native['remove_all'], 0, options, p)
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
export function rename (
  oldPath: Path | string | URL, newPath: Path | string | URL, options?: OperationOptions
): Promise<void> {
  return operate2(native['rename'], 0, options, oldPath, newPath)
}
