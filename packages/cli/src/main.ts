// SPDX-License-Identifier: MIT OR BSL-1.0
// emilua PROGRAM.ts [--] [ARGS]: a TypeScript or JavaScript program, run in this process.
import { realpathSync } from 'node:fs'
import { CompileError, run } from './index.js'

function fail (message: string): never {
  console.error(message)
  process.exit(1)
}

function located (program: string): string {
  try {
    return realpathSync(program)
  } catch (error) {
    fail(`emilua: ${program}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (error as Error).message}`)
  }
}

const [program, ...rest] = process.argv.slice(2)
if (program === undefined) fail('usage: emilua PROGRAM.ts [--] [ARGS]')
const path = located(program)
process.argv.splice(1, Infinity, path, ...(rest[0] === '--' ? rest.slice(1) : rest))
try {
  await run(path)
} catch (error) {
  if (error instanceof CompileError) fail(error.message)
  throw error
}
