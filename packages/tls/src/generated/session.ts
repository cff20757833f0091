// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "tls"; change that instead.
import { adopt, handleOf, NativeObject, natives, notConstructible, register } from '@emilua/native'

const native = natives('tls')

/**
 * What a client keeps of a connection to begin the next one with fewer messages. Has keys in it: it can be sent
 * within the process and nowhere else.
 */
export class Session extends NativeObject {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('tls.session'))
  }

  /** How long the server said it would know it, in seconds. */
  get lifetime (): number {
    return native['session.lifetime'](handleOf(this)) as number
  }
}

register('tls', 'session', Session)
