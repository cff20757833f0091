// SPDX-License-Identifier: MIT OR BSL-1.0
import { writeAll } from '@emilua/stream'
import { stdout } from '@emilua/system'

await writeAll(stdout, 'Hello from TypeScript\n')
