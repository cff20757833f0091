// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "serial_port"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { adopt, EmiluaError, handleOf, natives, operate0, operate1, type OperationOptions, read, readsInto, register } from '@emilua/native'
import { NativeStream } from '@emilua/stream'
import type { FlowControl, Parity, StopBits, WindowSize } from './types.js'

const native = natives('serial_port')

/** A serial port, or either end of a pseudoterminal. */
export class SerialPort extends NativeStream {
  /**
   * Makes a closed port, or one of a descriptor.
   *
   * The descriptor is taken as `SerialPort.assign` does.
   *
   * @param fd - A descriptor of a terminal. Taken over: closed afterwards, if the call succeeds.
   */
  constructor (fd?: FileDescriptor) {
    super(adopt() ?? native['serial_port.new'](fd))
  }

  /**
   * Opens a port, for raw bytes.
   *
   * Its settings become those of cfmakeraw(3), with the receiver on and the lines of a modem ignored; the rest
   * stays as it is. Never becomes the terminal that controls this process. ENOENT, EACCES, EBUSY, ENOTTY for what
   * is no terminal; `ALREADY_OPEN` when this object is open. open(2).
   *
   * @param device - Its file, such as /dev/ttyS0.
   */
  open (device: string): void {
    native['serial_port.open'](handleOf(this), device)
  }

  /**
   * Closes the port.
   *
   * Pending operations fail with `ECANCELED`. Closing again does nothing. A device may take its time to send what
   * was written. close(2).
   */
  close (): void {
    native['serial_port.close'](handleOf(this))
  }

  /**
   * Ends all pending operations.
   *
   * They fail with `ECANCELED`; what has succeeded already is delivered. EBADF when it is closed.
   */
  cancel (): void {
    native['serial_port.cancel'](handleOf(this))
  }

  /**
   * Takes a terminal that was opened elsewhere.
   *
   * It belongs to this object then, with its settings as they are, and the given one is closed. Its flags stay too,
   * but for O_NONBLOCK of a master. EINVAL for "fd" when it is no terminal; `ALREADY_OPEN` when this object is
   * open.
   *
   * @param fd - A descriptor of a terminal. Taken over: closed afterwards, if the call succeeds.
   */
  assign (fd: FileDescriptor): void {
    native['serial_port.assign'](handleOf(this), fd)
  }

  /**
   * Gives the descriptor away.
   *
   * Pending operations fail with `ECANCELED`; this object is closed afterwards and may be opened again. EBADF when
   * it is closed.
   */
  release (): FileDescriptor {
    return native['serial_port.release'](handleOf(this)) as FileDescriptor
  }

  /**
   * Reads what has arrived, and waits if nothing has.
   *
   * Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The error `EOF` when the other side
   * hung up: of a master, when nobody has the terminal open any more. EIO when the terminal may not be read by a
   * process in the background. read(2).
   *
   * @param buffer - Where the data goes.
   * @param options - A signal that ends the wait.
   */
  readSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return read(native['serial_port.read_some'], this, options, buffer)
  }

  /**
   * Writes as much as fits, and waits if nothing does.
   *
   * Suspends. Gives the number of bytes taken, which can be fewer than asked for: see `writeAll` of
   * `@emilua/stream`. EIO when the other side hung up. write(2).
   *
   * @param buffer - The data.
   * @param options - A signal that ends the wait.
   */
  writeSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return operate1(native['serial_port.write_some'], handleOf(this), options, buffer)
  }

  /** Whether the port is open. */
  get isOpen (): boolean {
    return native['serial_port.is_open'](handleOf(this)) as boolean
  }

  /**
   * Holds the line for a quarter of a second, as no character does.
   *
   * What is still to be sent goes first. Ends that are no device, as those of `ptypair`, do nothing. EBADF when it
   * is closed. tcsendbreak(3).
   *
   * @param options - A signal that ends the wait.
   */
  sendBreak (options?: OperationOptions): Promise<void> {
    return operate0(native['serial_port.send_break'], handleOf(this), options)
  }

  /**
   * Whether it is a terminal.
   *
   * All that can be opened is. EBADF when it is closed. isatty(3).
   */
  isatty (): boolean {
    return native['serial_port.isatty'](handleOf(this)) as boolean
  }

  /**
   * The foreground process group of the terminal.
   *
   * 0 when there is none. ENOTTY when it is neither the terminal that controls this process nor a master.
   * tcgetpgrp(3).
   */
  tcgetpgrp (): number {
    return native['serial_port.tcgetpgrp'](handleOf(this)) as number
  }

  /**
   * Makes a process group the foreground of the terminal.
   *
   * ENOTTY when it does not control this process, EPERM for a group of another session. A background process is
   * stopped by SIGTTOU unless that is ignored. tcsetpgrp(3).
   *
   * @param pgrpId - A process group of this session.
   */
  tcsetpgrp (pgrpId: number): void {
    native['serial_port.tcsetpgrp'](handleOf(this), pgrpId)
  }

  /**
   * How large the window is that shows the terminal.
   *
   * The kernel only keeps it; the foreground process group gets SIGWINCH when it changes. Not in the reference.
   * ioctl_tty(2): TIOCGWINSZ, TIOCSWINSZ.
   */
  get windowSize (): WindowSize {
    return native['serial_port.window_size'](handleOf(this)) as WindowSize
  }

  set windowSize (value: WindowSize) {
    native['serial_port.window_size='](handleOf(this), value)
  }

  /**
   * Bits a second, in both directions.
   *
   * Any number is tried; what can be read afterwards is what the device does. 0 hangs up. EBADF when the port is
   * closed. termios(3).
   */
  get baudRate (): number {
    return native['serial_port.baud_rate'](handleOf(this)) as number
  }

  set baudRate (value: number) {
    native['serial_port.baud_rate='](handleOf(this), value)
  }

  /**
   * How a receiver stops its sender; nothing: not at all.
   *
   * termios(3): IXON, IXOFF, CRTSCTS.
   */
  get flowControl (): FlowControl | undefined {
    return native['serial_port.flow_control'](handleOf(this)) as FlowControl | undefined
  }

  set flowControl (value: FlowControl | undefined) {
    native['serial_port.flow_control='](handleOf(this), value)
  }

  /**
   * What a bit behind each character makes of it; nothing: there is no such bit.
   *
   * A character that came wrong is read as NUL. A device that has no parity, such as a pseudoterminal, keeps having
   * none. termios(3): PARENB, PARODD, INPCK.
   */
  get parity (): Parity | undefined {
    return native['serial_port.parity'](handleOf(this)) as Parity | undefined
  }

  set parity (value: Parity | undefined) {
    native['serial_port.parity='](handleOf(this), value)
  }

  /**
   * What ends a character.
   *
   * EOPNOTSUPP for "one_point_five", which Linux does not tell from two. termios(3): CSTOPB.
   */
  get stopBits (): StopBits {
    return native['serial_port.stop_bits'](handleOf(this)) as StopBits
  }

  set stopBits (value: StopBits) {
    native['serial_port.stop_bits='](handleOf(this), value)
  }

  /**
   * The bits of a character, from 5 to 8.
   *
   * A device that knows 8 only, such as a pseudoterminal, keeps that. termios(3): CSIZE.
   */
  get characterSize (): number {
    return native['serial_port.character_size'](handleOf(this)) as number
  }

  set characterSize (value: number) {
    native['serial_port.character_size='](handleOf(this), value)
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

register('serial_port', 'serial_port', SerialPort)
readsInto(SerialPort, native['serial_port.read_some'])
