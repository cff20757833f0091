// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "sandbox"; change that instead.
import { natives } from '@emilua/native'
import type { ProbeResult, RunningGuest } from './types.js'

const native = natives('sandbox')

/**
 * Tells what runs in sandboxes that this process has started, the oldest first.
 *
 * Actors and programs of all VMs of the process; not what a guest has in sandboxes of its own.
 */
export function list (): RunningGuest[] {
  return native['list:sync']() as RunningGuest[]
}

/** Tells what sandboxes have to stand on here, by trying it. */
export function probe (): ProbeResult {
  return native['probe:sync']() as ProbeResult
}
