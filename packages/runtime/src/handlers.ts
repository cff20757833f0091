// SPDX-License-Identifier: MIT OR BSL-1.0
import { Nested, storage, type Frame } from './fiber.js'
import { terminate } from './report.js'

/** The cleanup handlers of a scope, last pushed last. */
export type Scope = (() => unknown)[]

/** Runs one handler with cancellation masked. If it fails, the process ends. */
export async function runHandler (frame: Frame, scope: Scope, handler: () => unknown): Promise<void> {
  try {
    await storage.run(new Nested(frame.owner, scope, true), handler)
  } catch (error) {
    terminate(frame.owner?.name ?? 'A callback', error)
  }
}

/** Empties a scope, also of what the handlers push. */
export async function runHandlers (frame: Frame, scope: Scope): Promise<void> {
  for (let handler = scope.pop(); handler !== undefined; handler = scope.pop()) await runHandler(frame, scope, handler)
}
