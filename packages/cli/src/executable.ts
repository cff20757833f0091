// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

/**
 * Finds the executable that runs programs in Lua.
 *
 * @throws It is not there.
 */
export function executable (): string {
  const built = fileURLToPath(new URL('../../../native-core/build/release/emilua', import.meta.url))
  if (existsSync(built)) return built
  const platform = `@emilua/native-${process.platform}-${process.arch}`
  try {
    return createRequire(import.meta.url).resolve(`${platform}/emilua`)
  } catch {
    throw new Error(`no native executable: the package ${platform} is not installed, nor published yet; a checkout of Emilua builds one`)
  }
}

/**
 * Runs another program in this process's place, as far as that can be had: with its streams, with the signals it is
 * sent, ending as that ended.
 *
 * @param command The program.
 * @param args The command line, without the program's name.
 * @returns The exit status to end with.
 */
export async function execute (command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A terminal sends its signals to the child as well.
      if (!process.stdin.isTTY || signal === 'SIGTERM') child.kill(signal)
    })
  }
  return await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]))
  })
}
