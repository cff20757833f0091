// SPDX-License-Identifier: MIT OR BSL-1.0

/** How an actor ended. */
export interface ActorEnd {
  /** `"ended"`, or what it failed with. */
  readonly reason: string
}
