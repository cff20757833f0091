// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { adopt, handleOf, natives, notConstructible, type OperationOptions, read, readsInto, register } from '@emilua/native'
import { NativeReadStream } from '@emilua/stream'

const native = natives('system')

/** Standard input. Its descriptor is shared with the parent process: its flags are left alone. */
export class StandardInput extends NativeReadStream {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('system.standard_input'))
  }

  /**
   * Waits for input, reads what fits and returns the number of bytes.
   *
   * Fails with `EOF` at the end; errors as of read(2). Files never wait.
   *
   * @param buffer - Where the bytes go.
   * @param options - A signal that ends the wait.
   */
  readSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return read(native['standard_input.read_some'], this, options, buffer)
  }

  /**
   * A new descriptor of what the stream is connected to.
   *
   * EMFILE when the process has too many. Closed on exec.
   */
  dup (): FileDescriptor {
    return native['standard_input.dup'](handleOf(this)) as FileDescriptor
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
    native['standard_input.dup_from'](handleOf(this), oldd)
  }

  /** Whether the stream is a terminal. */
  isatty (): boolean {
    return native['standard_input.isatty'](handleOf(this)) as boolean
  }

  /**
   * The foreground process group of the terminal.
   *
   * ENOTTY when the stream is no terminal, or not the one that controls this process. See tcgetpgrp(3).
   */
  tcgetpgrp (): number {
    return native['standard_input.tcgetpgrp'](handleOf(this)) as number
  }

  /**
   * Makes a process group the foreground of the terminal.
   *
   * Errors as of tcsetpgrp(3). A background process is stopped by SIGTTOU unless that is ignored.
   *
   * @param pgidId - A process group of this session.
   */
  tcsetpgrp (pgidId: number): void {
    native['standard_input.tcsetpgrp'](handleOf(this), pgidId)
  }
}

register('system', 'standard_input', StandardInput)
readsInto(StandardInput, native['standard_input.read_some'])
