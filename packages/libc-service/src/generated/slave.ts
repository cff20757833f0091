// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "libc_service"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { adopt, EmiluaError, handleOf, NativeObject, natives, notConstructible, register } from '@emilua/native'

const native = natives('libc_service')

/**
 * What a program gets, so that its calls of libc are asked about: one of the `extra_fds` of `spawn` of
 * `@emilua/system`, with the variables that `environment` gives. Close it then: while it is open here,
 * `Master.receive` waits for other programs. An actor takes it away, as `subprocess.libc_service`.
 */
export class Slave extends NativeObject {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('libc_service.slave'))
  }

  /**
   * Takes the descriptor out, for whoever starts programs by other means.
   *
   * EBADF when it was handed on.
   */
  release (): FileDescriptor {
    return native['slave.release'](handleOf(this)) as FileDescriptor
  }

  /**
   * Closes it.
   *
   * EBADF when it was handed on.
   */
  close (): void {
    native['slave.close'](handleOf(this))
  }

  /** Whether it was neither handed on nor closed. */
  get isOpen (): boolean {
    return native['slave.is_open'](handleOf(this)) as boolean
  }

  /**
   * The filter of open.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get open (): string | undefined {
    return native['slave.open'](handleOf(this)) as string | undefined
  }

  set open (value: string | undefined) {
    native['slave.open='](handleOf(this), value)
  }

  /**
   * The filter of openat.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get openat (): string | undefined {
    return native['slave.openat'](handleOf(this)) as string | undefined
  }

  set openat (value: string | undefined) {
    native['slave.openat='](handleOf(this), value)
  }

  /**
   * The filter of unlink.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get unlink (): string | undefined {
    return native['slave.unlink'](handleOf(this)) as string | undefined
  }

  set unlink (value: string | undefined) {
    native['slave.unlink='](handleOf(this), value)
  }

  /**
   * The filter of rename.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get rename (): string | undefined {
    return native['slave.rename'](handleOf(this)) as string | undefined
  }

  set rename (value: string | undefined) {
    native['slave.rename='](handleOf(this), value)
  }

  /**
   * The filter of stat.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get stat (): string | undefined {
    return native['slave.stat'](handleOf(this)) as string | undefined
  }

  set stat (value: string | undefined) {
    native['slave.stat='](handleOf(this), value)
  }

  /**
   * The filter of lstat.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get lstat (): string | undefined {
    return native['slave.lstat'](handleOf(this)) as string | undefined
  }

  set lstat (value: string | undefined) {
    native['slave.lstat='](handleOf(this), value)
  }

  /**
   * The filter of access.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get access (): string | undefined {
    return native['slave.access'](handleOf(this)) as string | undefined
  }

  set access (value: string | undefined) {
    native['slave.access='](handleOf(this), value)
  }

  /**
   * The filter of eaccess.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get eaccess (): string | undefined {
    return native['slave.eaccess'](handleOf(this)) as string | undefined
  }

  set eaccess (value: string | undefined) {
    native['slave.eaccess='](handleOf(this), value)
  }

  /**
   * The filter of mkdir.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get mkdir (): string | undefined {
    return native['slave.mkdir'](handleOf(this)) as string | undefined
  }

  set mkdir (value: string | undefined) {
    native['slave.mkdir='](handleOf(this), value)
  }

  /**
   * The filter of rmdir.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get rmdir (): string | undefined {
    return native['slave.rmdir'](handleOf(this)) as string | undefined
  }

  set rmdir (value: string | undefined) {
    native['slave.rmdir='](handleOf(this), value)
  }

  /**
   * The filter of connect to UNIX sockets.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get connectUnix (): string | undefined {
    return native['slave.connect_unix'](handleOf(this)) as string | undefined
  }

  set connectUnix (value: string | undefined) {
    native['slave.connect_unix='](handleOf(this), value)
  }

  /**
   * The filter of connect to IPv4.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get connectInet (): string | undefined {
    return native['slave.connect_inet'](handleOf(this)) as string | undefined
  }

  set connectInet (value: string | undefined) {
    native['slave.connect_inet='](handleOf(this), value)
  }

  /**
   * The filter of connect to IPv6.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get connectInet6 (): string | undefined {
    return native['slave.connect_inet6'](handleOf(this)) as string | undefined
  }

  set connectInet6 (value: string | undefined) {
    native['slave.connect_inet6='](handleOf(this), value)
  }

  /**
   * The filter of bind of UNIX sockets.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get bindUnix (): string | undefined {
    return native['slave.bind_unix'](handleOf(this)) as string | undefined
  }

  set bindUnix (value: string | undefined) {
    native['slave.bind_unix='](handleOf(this), value)
  }

  /**
   * The filter of bind to IPv4.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get bindInet (): string | undefined {
    return native['slave.bind_inet'](handleOf(this)) as string | undefined
  }

  set bindInet (value: string | undefined) {
    native['slave.bind_inet='](handleOf(this), value)
  }

  /**
   * The filter of bind to IPv6.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get bindInet6 (): string | undefined {
    return native['slave.bind_inet6'](handleOf(this)) as string | undefined
  }

  set bindInet6 (value: string | undefined) {
    native['slave.bind_inet6='](handleOf(this), value)
  }

  /**
   * The filter of getaddrinfo.
   *
   * Lua that runs in the program in place of the call, with the table C of init.script. Its arguments are a
   * function that asks the master, and those of the call. Setting it raises EBADF when the slave was handed on,
   * EBUSY once a program was started with it, EMSGSIZE when all filters together exceed 128 KiB.
   */
  get getaddrinfo (): string | undefined {
    return native['slave.getaddrinfo'](handleOf(this)) as string | undefined
  }

  set getaddrinfo (value: string | undefined) {
    native['slave.getaddrinfo='](handleOf(this), value)
  }

  /** {@link close}, at the end of a `using` block. What was handed on is left alone. */
  [Symbol.dispose] (): void {
    try {
      this.close()
    } catch (error) {
      if (!(error instanceof EmiluaError && error.code === 'EBADF')) throw error
    }
  }

  /** {@link close}, at the end of an `await using` block. What was handed on is left alone. */
  [Symbol.asyncDispose] (): Promise<void> {
    this[Symbol.dispose]()
    return Promise.resolve()
  }
}

register('libc_service', 'slave', Slave)
