// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "serial_port"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { natives } from '@emilua/native'
import type { SerialPort } from './serial-port.js'

const native = natives('serial_port')

/**
 * Makes a pseudoterminal: its master, and the terminal itself.
 *
 * What is written to one is read from the other, by way of the terminal's settings. The second is for a child
 * process, as its streams and as `set_ctty` of `spawn` of `@emilua/system`; it controls nobody before. Both are
 * closed on exec. EMFILE when the process has too many descriptors, ENOSPC when there are too many pseudoterminals.
 * posix_openpt(3), ioctl_tty(2): TIOCGPTPEER.
 */
export function ptypair (): [SerialPort, FileDescriptor] {
  return native['ptypair']() as [SerialPort, FileDescriptor]
}
