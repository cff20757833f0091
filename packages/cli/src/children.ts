// SPDX-License-Identifier: MIT OR BSL-1.0
// Lets `fork` of node:child_process start a program that has to be compiled first: with this command.
import type { ForkOptions } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { changeBuiltin } from './builtins.js'
import { isOurs } from './kinds.js'
import { tree } from './mirror.js'

type Fork = (file: string | URL, args?: readonly string[] | ForkOptions | null, options?: ForkOptions) => unknown

/** The program that runs others. */
export const command = fileURLToPath(new URL('./main.js', import.meta.url))

/** The path of the program `file`, if Node cannot run it alone. */
export function ours (file: unknown, folder = ''): string | undefined {
  const path = file instanceof URL ? fileURLToPath(file) : typeof file === 'string' ? resolve(folder, file) : undefined
  return path !== undefined && path !== command && !path.startsWith(tree()) && isOurs(path) ? path : undefined
}

/** The arguments of {@link command} that run the program at `path`. */
export function through (path: string, args: readonly string[]): string[] {
  return [path, '--', ...args]
}

changeBuiltin('node:child_process', (children: { fork: Fork }) => {
  const { fork } = children
  children.fork = (file, args, options) => {
    const isList = Array.isArray(args)
    const settings = isList ? options : options ?? args as ForkOptions | null | undefined
    // The child looks for its file in the folder it starts in.
    const path = ours(file, settings?.cwd === undefined ? undefined : String(settings.cwd))
    return path === undefined ? fork(file, args, options) : fork(command, through(path, isList ? args : []), settings ?? {})
  }
})
