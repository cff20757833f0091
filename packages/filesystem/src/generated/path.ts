// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
import { adopt, natives, NativeValue, register, wireOf } from '@emilua/native'
import type { PathIterator } from './path-iterator.js'

const native = natives('filesystem')

/**
 * A path, apart from what lies there: nothing of this asks the file system. File names are bytes and need not be
 * UTF-8.
 *
 * A value: it never changes.
 */
export class Path extends NativeValue {
  /**
   * Makes a path from its text, or from several parts.
   *
   * An absolute part replaces what is before it.
   *
   * @param parts - None mean the empty path.
   */
  constructor (...parts: (Path | string | URL)[]) {
    super(adopt() ?? native['path.new'](...parts))
  }

  /**
   * Makes a path from its portable text.
   *
   * On Linux both are the same.
   *
   * @param source - With / between its parts.
   */
  static fromGeneric (source?: string): Path {
    return native['path.from_generic'](source) as Path
  }

  /**
   * Makes a path from bytes that need not be UTF-8.
   *
   * @param bytes - As the kernel has them.
   */
  static fromBytes (bytes: Uint8Array): Path {
    return native['path.from_bytes'](bytes) as Path
  }

  /**
   * The bytes of the path, exactly.
   *
   * Its text has replacement characters where it is no UTF-8.
   */
  toBytes (): Uint8Array {
    return native['path.to_bytes'](wireOf(this)) as Uint8Array
  }

  /**
   * The portable text of the path.
   *
   * On Linux its text.
   */
  toGeneric (): string {
    return native['path.to_generic'](wireOf(this)) as string
  }

  /**
   * Puts parts behind this path, each after a slash.
   *
   * An absolute part replaces what is before it.
   *
   * @param parts - What to put there.
   */
  join (...parts: (Path | string | URL)[]): Path {
    return native['path.join'](wireOf(this), ...parts) as Path
  }

  /**
   * Puts text behind this path, without a slash.
   *
   * @param suffix - What to append.
   */
  concat (suffix: Path | string | URL): Path {
    return native['path.concat'](wireOf(this), suffix) as Path
  }

  /**
   * The path with the preferred separators of the system.
   *
   * On Linux the path itself.
   */
  makePreferred (): Path {
    return native['path.make_preferred'](wireOf(this)) as Path
  }

  /** The path without its last part; the slash before it stays. */
  removeFilename (): Path {
    return native['path.remove_filename'](wireOf(this)) as Path
  }

  /**
   * The path with another last part.
   *
   * @param replacement - The new name.
   */
  replaceFilename (replacement: Path | string | URL): Path {
    return native['path.replace_filename'](wireOf(this), replacement) as Path
  }

  /**
   * The path with another extension.
   *
   * @param replacement - With or without its dot; nothing removes the extension.
   */
  replaceExtension (replacement?: Path | string | URL): Path {
    return native['path.replace_extension'](wireOf(this), replacement) as Path
  }

  /**
   * The path without its superfluous parts: ".", "a/..", repeated slashes.
   *
   * Nothing is looked up, so a symbolic link before ".." makes a difference.
   */
  lexicallyNormal (): Path {
    return native['path.lexically_normal'](wireOf(this)) as Path
  }

  /**
   * The way from `base` to here.
   *
   * Empty when there is none: one is absolute and the other is not, or `base` has more ".." than this.
   *
   * @param base - Where to begin.
   */
  lexicallyRelative (base: Path | string | URL): Path {
    return native['path.lexically_relative'](wireOf(this), base) as Path
  }

  /**
   * The way from `base` to here, or the path itself when there is none.
   *
   * @param base - Where to begin.
   */
  lexicallyProximate (base: Path | string | URL): Path {
    return native['path.lexically_proximate'](wireOf(this), base) as Path
  }

  /**
   * Goes through the parts of the path: the root directory, if any, and the names.
   *
   * After a slash at the end comes an empty one.
   */
  iterator (): PathIterator {
    return native['path.iterator'](wireOf(this)) as PathIterator
  }

  /** What is before the root directory: empty on Linux. */
  get rootName (): string {
    return native['path.root_name'](wireOf(this)) as string
  }

  /** "/" of an absolute path, otherwise empty. */
  get rootDirectory (): string {
    return native['path.root_directory'](wireOf(this)) as string
  }

  /** The root name and the root directory. */
  get rootPath (): Path {
    return native['path.root_path'](wireOf(this)) as Path
  }

  /** What follows the root path. */
  get relativePath (): Path {
    return native['path.relative_path'](wireOf(this)) as Path
  }

  /** The path without its last part; of a root itself. */
  get parentPath (): Path {
    return native['path.parent_path'](wireOf(this)) as Path
  }

  /** The last part; empty after a slash. */
  get filename (): string {
    return native['path.filename'](wireOf(this)) as string
  }

  /** The last part without its extension. */
  get stem (): string {
    return native['path.stem'](wireOf(this)) as string
  }

  /** The last part from its last dot on, unless that is its first character. */
  get extension (): string {
    return native['path.extension'](wireOf(this)) as string
  }

  /** Whether there is nothing in it. */
  get empty (): boolean {
    return native['path.empty'](wireOf(this)) as boolean
  }

  /** Whether the root path is not empty. */
  get hasRootPath (): boolean {
    return native['path.has_root_path'](wireOf(this)) as boolean
  }

  /** Whether the root name is not empty. */
  get hasRootName (): boolean {
    return native['path.has_root_name'](wireOf(this)) as boolean
  }

  /** Whether the root directory is not empty. */
  get hasRootDirectory (): boolean {
    return native['path.has_root_directory'](wireOf(this)) as boolean
  }

  /** Whether the relative path is not empty. */
  get hasRelativePath (): boolean {
    return native['path.has_relative_path'](wireOf(this)) as boolean
  }

  /** Whether the parent path is not empty. */
  get hasParentPath (): boolean {
    return native['path.has_parent_path'](wireOf(this)) as boolean
  }

  /** Whether the filename is not empty. */
  get hasFilename (): boolean {
    return native['path.has_filename'](wireOf(this)) as boolean
  }

  /** Whether the stem is not empty. */
  get hasStem (): boolean {
    return native['path.has_stem'](wireOf(this)) as boolean
  }

  /** Whether the extension is not empty. */
  get hasExtension (): boolean {
    return native['path.has_extension'](wireOf(this)) as boolean
  }

  /** Whether it begins at the root. */
  get isAbsolute (): boolean {
    return native['path.is_absolute'](wireOf(this)) as boolean
  }

  /** Whether it begins wherever the process is. */
  get isRelative (): boolean {
    return native['path.is_relative'](wireOf(this)) as boolean
  }

  /** As text. */
  override toString (): string {
    return native['path.__tostring'](wireOf(this)) as string
  }

  /** Whether `other` is the same value. */
  equals (other: unknown): boolean {
    return other instanceof Path && native['path.__eq'](wireOf(this), other) as boolean
  }

  /** Negative, zero or positive: where this sorts, compared with `other`. */
  compareTo (other: Path): number {
    if (native['path.__lt'](wireOf(this), other)) return -1
    return native['path.__lt'](wireOf(other), this) ? 1 : 0
  }
}

register('filesystem', 'path', Path)
