// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { adopt, handleOf, natives, notConstructible, operate1, type OperationOptions, register } from '@emilua/native'
import { NativeWriteStream } from '@emilua/stream'

const native = natives('system')

/** Standard output or error. The descriptor is shared with the parent process: its flags are left alone. */
export class StandardOutput extends NativeWriteStream {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('system.standard_output'))
  }

  /**
   * Waits until something can be written and returns how much was.
   *
   * EPIPE when nobody reads any more; errors as of write(2). Nothing is buffered here.
   *
   * @param buffer - The bytes.
   * @param options - A signal that ends the wait.
   */
  writeSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return operate1(native['standard_output.write_some'], handleOf(this), options, buffer)
  }

  /**
   * A new descriptor of what the stream is connected to.
   *
   * EMFILE when the process has too many. Closed on exec.
   */
  dup (): FileDescriptor {
    return native['standard_output.dup'](handleOf(this)) as FileDescriptor
  }

  /**
   * Connects the stream, for the whole process, to something else.
   *
   * Errors as of dup2(2). A read or write that is waiting goes on waiting for what the stream was connected to. To
   * close a standard stream, connect it to a pipe whose other end is closed: its number would be given to the next
   * file opened.
   *
   * Only the main thread may call it.
   *
   * @param oldd - What the stream shall be connected to; it is not closed.
   */
  dupFrom (oldd: FileDescriptor): void {
    native['standard_output.dup_from'](handleOf(this), oldd)
  }

  /** Whether the stream is a terminal. */
  isatty (): boolean {
    return native['standard_output.isatty'](handleOf(this)) as boolean
  }

  /**
   * The foreground process group of the terminal.
   *
   * ENOTTY when the stream is no terminal, or not the one that controls this process. See tcgetpgrp(3).
   */
  tcgetpgrp (): number {
    return native['standard_output.tcgetpgrp'](handleOf(this)) as number
  }

  /**
   * Makes a process group the foreground of the terminal.
   *
   * Errors as of tcsetpgrp(3). A background process is stopped by SIGTTOU unless that is ignored.
   *
   * @param pgidId - A process group of this session.
   */
  tcsetpgrp (pgidId: number): void {
    native['standard_output.tcsetpgrp'](handleOf(this), pgidId)
  }
}

register('system', 'standard_output', StandardOutput)
