// SPDX-License-Identifier: MIT OR BSL-1.0
// Where the process of an actor begins that is in a sandbox: gives it its inbox, and runs its module.
import { listenOn } from '@emilua/native'
import { runActor } from './actor-module.js'
import { tellOfFailures } from './actor-failures.js'

/** The URLs of the program, and of what was made of it to be run here. */
const [module, compiled] = process.argv.splice(1).slice(1) as [string, string]

listenOn(3, 4)
tellOfFailures()
// It was for this process to find its addon.
delete process.env.EMILUA_NATIVE
if (compiled !== module) process.setSourceMapsEnabled(true)
// Now, because it watches the end, and not before: it asks for the inbox.
await import(new URL('./index.js', import.meta.url).href)
await runActor(module, () => import(compiled))
