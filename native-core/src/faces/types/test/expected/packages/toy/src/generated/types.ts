// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "toy"; change that instead.
import type { Tag } from './tag.js'

/** What `colors` of `look` may be. */
export type Color =
  /** As blood. */
  | 'red'
  | 'green'

/** What `name` of `setting` may be. */
export type Setting =
  /** How large. */
  | 'size'
  /** Who has it. */
  | 'owner'

/** The type of the value behind each {@link Setting}. */
export interface SettingValues {
  /** How large. */
  size: number
  /** Who has it. */
  owner: Tag | string
}

/** What `places` gives. */
export interface PlaceInfo {
  /** Where it is. */
  path: string
  inode: bigint
}

/** What `options` of `run` may be. */
export interface RunOptions {
  /** What to run. */
  program: string
  /** Its words. */
  arguments?: readonly string[] | undefined
  /** Its variables; see `Box.text`. */
  environment?: Readonly<Record<string, string>> | undefined
  verbose?: boolean | undefined
  /** In bytes. */
  limit?: bigint | undefined
  colors?: readonly Color[] | undefined
}

/** What `tags` of `markAll` may be. */
export interface Tags {
  one: Tag | string
  other?: Tag | string | undefined
  named: Readonly<Record<string, Tag | string>>
}
