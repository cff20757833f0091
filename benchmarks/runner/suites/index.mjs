// SPDX-License-Identifier: MIT OR BSL-1.0
import { bridge } from './bridge.mjs'
import { burst, echo, tails, udp, unixSuites } from './echo.mjs'
import { files } from './files.mjs'
import { actors, actorsBesideHogs, byteSpan, datagrams, fibers, gigabyte, reads, regex, systemCalls } from './rates.mjs'
import { imports, memory, startUp, vm } from './resources.mjs'
import { sandbox } from './sandbox.mjs'
import { cat, launchers, processes, spawn } from './spawn.mjs'
import { tls } from './tls.mjs'

/**
 * A suite has rounds (what is asked for, '' if there is one thing only) and contenders. A contender opens, then
 * runs its turns ({ round, seconds }), each giving a map of measure to { value, unit }, then closes.
 * One with `only` takes part in those rounds.
 * `table` and `label` say where a value is printed.
 */
export const suites = [
  fibers, memory, byteSpan, systemCalls, files, reads, gigabyte, regex, spawn, cat, launchers, vm, actors, actorsBesideHogs, processes, sandbox, startUp, imports, echo, udp, datagrams, ...unixSuites, burst, tails, tls, bridge
]
