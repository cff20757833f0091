// SPDX-License-Identifier: MIT OR BSL-1.0

/** An actor that is sent objects: it calls one, if it is told how, and sends all of it back. */
import { inbox } from '@emilua/runtime'
import { readFileSync } from 'node:fs'
import { modules } from '../described.mjs'
import { packageName } from '../names.mjs'

// What arrives is an object of a class that is there.
const manifest = JSON.parse(readFileSync(new URL('../../description.json', import.meta.url), 'utf8'))
for (const { name } of modules(manifest, 'typescript')) await import(packageName(name))

const reply = await inbox.receive()
for await (const message of inbox) {
  const { object, method, arguments: given } = message
  if (method !== undefined) {
    message.got = await object[method](...Array.isArray(given) ? given : []).then(
      value => value === undefined ? [] : [value], error => ({ failed: String(error) }))
  }
  reply.send(message)
}
