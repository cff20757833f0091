// SPDX-License-Identifier: MIT OR BSL-1.0
import type { FileDescriptor } from '@emilua/file-descriptor'
import { landlockCreateRuleset as create } from './generated/functions.js'
import type { LandlockRulesetOptions } from './generated/types.js'

/**
 * Makes a ruleset of Landlock, or tells the ABI of the kernel.
 *
 * @param attr - what the ruleset handles
 * @param flags - `'version'` asks for the ABI instead
 * @throws EmiluaError EINVAL for rights that the kernel does not know, by name; ENOMSG for none; ENOSYS or EOPNOTSUPP
 * where there is no Landlock. landlock_create_ruleset(2)
 */
export function landlockCreateRuleset (attr: LandlockRulesetOptions, flags?: readonly []): FileDescriptor
export function landlockCreateRuleset (attr: undefined, flags: readonly ['version']): number
export function landlockCreateRuleset (attr: LandlockRulesetOptions | undefined, flags?: readonly [] | readonly ['version']): FileDescriptor | number {
  return create(attr, flags)
}
