// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What belongs to the process: its arguments and environment, its standard streams, signals, its end, its children.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export * from './generated/index.js'
export { in as stdin, out as stdout, err as stderr } from './generated/index.js'
export { args, arguments, environment } from './environment.js'
export { exit, type ExitOptions } from './exit.js'
export { landlockCreateRuleset } from './landlock.js'
export { run, type RunOptions, type RunResult } from './run.js'
export type { StandardStreamOption, Variables } from './child-streams.js'
export { spawn, type Spawned, type SpawnOptions } from './spawn.js'

publish(import.meta.url, self)
