// SPDX-License-Identifier: MIT OR BSL-1.0
export { ByteSpan } from './byte-span.js'
export type { Bytes } from './byte-span.js'
export type { Numbers } from './numbers.js'
