// SPDX-License-Identifier: MIT OR BSL-1.0
// emilua PROGRAM.ts [--] [ARGS] runs in this process; any other command line is for the native executable.
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

async function runHere (program: string, rest: string[]): Promise<void> {
  const path = located(program)
  process.argv.splice(1, Infinity, path, ...(rest[0] === '--' ? rest.slice(1) : rest))
  try {
    await run(path)
  } catch (error) {
    if (error instanceof CompileError) fail(error.message)
    throw error
  }
}

const [program, ...rest] = process.argv.slice(2)
if (program !== undefined && /\.m?[jt]s$/.test(program)) {
  await runHere(program, rest)
} else {
  const { execute } = await import('./executable.js')
  process.exit(await execute(process.argv.slice(2)).catch((error: Error) => fail(`emilua: ${error.message}`)))
}
