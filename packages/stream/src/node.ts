// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Our streams as Node's: existing servers and clients run over them.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './node.js'
export { StreamDuplex, toDuplex, type DuplexOptions } from './node/duplex.js'
export { type DuplexSource } from './node/source.js'
export { serve, type AcceptorSource } from './node/serve.js'

publish(import.meta.url, self)
