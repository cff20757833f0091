// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "serial_port"; change that instead.
export { SerialPort } from './serial-port.js'
export * from './functions.js'
export type * from './types.js'
