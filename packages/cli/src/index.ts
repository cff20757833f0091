// SPDX-License-Identifier: MIT OR BSL-1.0
export { compile } from './compile.js'
export { CompileError } from './errors.js'
/** @internal */
export { prepare } from './run.js'
export { run } from './run.js'
