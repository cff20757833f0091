// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "serial_port"; change that instead.
/** What `SerialPort.flowControl` gives. */
export type FlowControl =
  /** Characters stop and start it: XON, XOFF. */
  | 'software'
  /** Lines of the cable do: RTS, CTS. */
  | 'hardware'

/** What `SerialPort.parity` gives. */
export type Parity =
  /** The number of ones, the parity bit's too, is odd. */
  | 'odd'
  /** It is even. */
  | 'even'

/** What `SerialPort.stopBits` gives. */
export type StopBits =
  /** One bit. */
  | 'one'
  /** One and a half. */
  | 'one_point_five'
  /** Two bits. */
  | 'two'

/** What `SerialPort.windowSize` gives. */
export interface WindowSize {
  /** Lines of text. */
  rows: number
  /** Characters in a line. */
  columns: number
}
