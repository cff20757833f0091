// SPDX-License-Identifier: MIT OR BSL-1.0
import { typescriptType } from './types.mjs'

const stream = '@emilua/stream'

/** What the TypeScript class of `c` extends, imported into `file`: its traits bring iteration and Web Streams. */
export function baseOf (c, file) {
  const traits = new Set(c.traits)
  if (traits.has('acceptor')) {
    const accept = c.members.find(m => m.name === 'accept')
    return `${file.value('NativeAcceptor', stream)}<${typescriptType(accept.results[0].type, file, false)}>`
  }
  if (traits.has('read_stream') && traits.has('write_stream')) return file.value('NativeStream', stream)
  if (traits.has('read_stream')) return file.value('NativeReadStream', stream)
  if (traits.has('write_stream')) return file.value('NativeWriteStream', stream)
  return file.value(c.value ? 'NativeValue' : 'NativeObject', '@emilua/native')
}
