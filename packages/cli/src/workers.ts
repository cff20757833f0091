// SPDX-License-Identifier: MIT OR BSL-1.0
// Lets `new Worker(file)` of node:worker_threads take a module that has to be compiled first.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { WorkerOptions } from 'node:worker_threads'
import { changeBuiltin } from './builtins.js'
import { isOurs } from './kinds.js'
import { tree } from './mirror.js'

type Threads = { Worker: typeof import('node:worker_threads').Worker }

/** The file that `file` means to Node, as far as it means one. */
function pathOf (file: unknown): string | undefined {
  if (file instanceof URL) return file.protocol === 'file:' ? fileURLToPath(file) : undefined
  return typeof file === 'string' && /^\.{0,2}\//.test(file) ? resolve(file) : undefined
}

/** As text, since a worker takes no query for a file's name. */
function starting (path: string): string {
  return `import(${JSON.stringify(new URL('./worker.js', import.meta.url).href)}).then(({ start }) => start(${JSON.stringify(path)}))`
}

changeBuiltin('node:worker_threads', (threads: Threads) => {
  threads.Worker = new Proxy(threads.Worker, {
    construct (Worker, [file, options, ...rest]: [unknown, WorkerOptions | undefined], self: NewableFunction): object {
      const path = options?.eval === true ? undefined : pathOf(file)
      const given = path === undefined || path.startsWith(tree()) || !isOurs(path) ? [file, options] : [starting(path), { ...options, eval: true }]
      return Reflect.construct(Worker, [...given, ...rest], self) as object
    }
  })
})
