// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import { adopt, handleOf, NativeObject, natives, notConstructible, register } from '@emilua/native'
import type { CapabilitySet } from './types.js'

const native = natives('system')

/** Sets of capabilities: parts of what user 0 may do. capabilities(7). */
export class LinuxCapabilities extends NativeObject {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('system.linux_capabilities'))
  }

  /** A copy. */
  dup (): LinuxCapabilities {
    return native['linux_capabilities.dup'](handleOf(this)) as LinuxCapabilities
  }

  /** Empties all sets. */
  clear (): void {
    native['linux_capabilities.clear'](handleOf(this))
  }

  /**
   * Empties a set.
   *
   * @param flag - Which of the sets.
   */
  clearFlag (flag: CapabilitySet): void {
    native['linux_capabilities.clear_flag'](handleOf(this), flag)
  }

  /**
   * Whether a set has a capability.
   *
   * EINVAL for a capability that does not exist.
   *
   * @param cap - A capability: "cap_chown".
   * @param flag - Which of the sets.
   */
  getFlag (cap: string, flag: CapabilitySet): boolean {
    return native['linux_capabilities.get_flag'](handleOf(this), cap, flag) as boolean
  }

  /**
   * Puts capabilities into a set, or takes them out.
   *
   * EINVAL for a capability that does not exist.
   *
   * @param flag - Which of the sets.
   * @param caps - Capabilities.
   * @param value - Whether the set is to have them.
   */
  setFlag (flag: CapabilitySet, caps: readonly string[], value: boolean): void {
    native['linux_capabilities.set_flag'](handleOf(this), flag, caps, value)
  }

  /**
   * Makes a set what a set of another object is.
   *
   * cap_fill_flag(3).
   *
   * @param to - The set that changes.
   * @param ref - Where the content comes from.
   * @param from - Which set of it.
   */
  fillFlag (to: CapabilitySet, ref: LinuxCapabilities, from: CapabilitySet): void {
    native['linux_capabilities.fill_flag'](handleOf(this), to, ref, from)
  }

  /**
   * Makes a set what another one is.
   *
   * cap_fill(3).
   *
   * @param to - The set that changes.
   * @param from - Another one.
   */
  fill (to: CapabilitySet, from: CapabilitySet): void {
    native['linux_capabilities.fill'](handleOf(this), to, from)
  }

  /**
   * Makes these the capabilities of this process.
   *
   * Of all its threads. EPERM for more than are permitted now. cap_set_proc(3).
   *
   * Only the main thread may call it.
   */
  setProc (): void {
    native['linux_capabilities.set_proc'](handleOf(this))
  }

  /**
   * Whose user namespace the capabilities of a file count in: the user that is 0 there.
   *
   * cap_get_nsowner(3).
   */
  getNsowner (): number {
    return native['linux_capabilities.get_nsowner'](handleOf(this)) as number
  }

  /**
   * Sets whose user namespace the capabilities of a file count in.
   *
   * cap_set_nsowner(3).
   *
   * @param rootuid - The user that is 0 there. Not negative.
   */
  setNsowner (rootuid: number): void {
    native['linux_capabilities.set_nsowner'](handleOf(this), rootuid)
  }

  /** As text. */
  override toString (): string {
    return native['linux_capabilities.__tostring'](handleOf(this)) as string
  }
}

register('system', 'linux_capabilities', LinuxCapabilities)
