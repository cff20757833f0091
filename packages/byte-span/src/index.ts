// SPDX-License-Identifier: MIT OR BSL-1.0
import { publish } from '@emilua/native'
import * as self from './index.js'
export { ByteSpan } from './byte-span.js'
export type { Bytes } from './byte-span.js'
export type { Numbers } from './numbers.js'

publish(import.meta.url, self)
