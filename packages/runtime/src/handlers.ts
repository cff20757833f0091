// SPDX-License-Identifier: MIT OR BSL-1.0
import { frames, Nested, type Frame, type Scope } from './frame.js'
import { terminate } from './panic.js'

/** Runs one handler with cancellation masked. If it fails, the process ends. */
export async function runHandler (frame: Frame, scope: Scope, handler: () => unknown): Promise<void> {
  try {
    await frames.run(new Nested(frame.owner, scope, true, null), handler)
  } catch (error) {
    terminate(frame.owner?.who ?? 'A callback', error)
  }
}

/** Empties a scope, also of what the handlers push. */
export async function runHandlers (frame: Frame, scope: Scope): Promise<void> {
  for (let handler = scope.pop(); handler !== undefined; handler = scope.pop()) await runHandler(frame, scope, handler)
}
