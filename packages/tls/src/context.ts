// SPDX-License-Identifier: MIT OR BSL-1.0
import type { Path } from '@emilua/filesystem'
import { invalidArgument, register } from '@emilua/native'
import { Context as NativeContext } from './generated/context.js'
import type { TlsFormat, TlsPasswordPurpose } from './generated/types.js'

/**
 * Gives the password of an encrypted key; may not suspend.
 *
 * @param maxLength - The bytes it may have at most.
 * @param purpose - What for.
 */
export type PasswordCallback = (maxLength: number, purpose: TlsPasswordPurpose) => string | Uint8Array

/** How connections are made: which versions, with which certificates and keys, and whom to trust. */
export class Context extends NativeContext {
  // The core calls a function no longer than the call lasts that it was given to.
  #password: PasswordCallback | undefined

  /**
   * Whom to ask for the passwords of encrypted keys.
   *
   * @param callback - Gives the password; may not suspend.
   */
  setPasswordCallback (callback: PasswordCallback): void {
    if (typeof callback !== 'function') throw invalidArgument('callback', 'Expected a function', callback)
    this.#password = callback
  }

  override usePrivateKey (data: Uint8Array | string, fmt: TlsFormat, password?: PasswordCallback): void {
    super.usePrivateKey(data, fmt, password ?? this.#password)
  }

  override usePrivateKeyFile (filename: Path | string, fmt: TlsFormat, password?: PasswordCallback): void {
    super.usePrivateKeyFile(filename, fmt, password ?? this.#password)
  }

  override useRsaPrivateKey (data: Uint8Array | string, fmt: TlsFormat, password?: PasswordCallback): void {
    super.useRsaPrivateKey(data, fmt, password ?? this.#password)
  }

  override useRsaPrivateKeyFile (filename: Path | string, fmt: TlsFormat, password?: PasswordCallback): void {
    super.useRsaPrivateKeyFile(filename, fmt, password ?? this.#password)
  }
}

register('tls', 'context', Context)
