// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
export * as seccomp from './seccomp.js'
export * as signal from './signal.js'
export { LinuxCapabilities } from './linux-capabilities.js'
export { StandardInput } from './standard-input.js'
export { StandardOutput } from './standard-output.js'
export { Subprocess } from './subprocess.js'
export * from './functions.js'
export type * from './types.js'
