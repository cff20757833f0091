// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Our streams as Node's: existing servers and clients run over them.
 *
 * @packageDocumentation
 */
export { StreamDuplex, toDuplex, type DuplexOptions } from './node/duplex.js'
export { type DuplexSource } from './node/source.js'
export { serve, type AcceptorSource } from './node/serve.js'
