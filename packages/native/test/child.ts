// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** What is at hand in {@link run} and in the workers that it starts. */
const prelude = [
  "import { readdirSync } from 'node:fs'",
  "import { Worker } from 'node:worker_threads'",
  "import { Address, tcp, udp } from '@emilua/ip'",
  "import { SteadyTimer, sleep } from '@emilua/time'",
  'const print = value => { console.log(JSON.stringify(value)) }',
  'const turn = () => new Promise(resolve => setImmediate(resolve))',
  "const descriptors = () => readdirSync('/proc/self/fd').length",
  `const pair = async () => {
     const acceptor = await tcp.listen('127.0.0.1:0')
     const [client, server] = await Promise.all([tcp.dial('127.0.0.1:' + acceptor.localPort), acceptor.accept()])
     return { acceptor, client, server }
   }`,
  `const parked = async () => {
     const made = await pair()
     made.acceptor.accept()
     made.server.readSome(new Uint8Array(8))
     sleep(1000)
     new SteadyTimer().wait()
     return made
   }`,
  // Apart: the thread of a lookup goes on, and has sockets, when its environment is gone.
  "const lookUp = () => tcp.getAddressInfo('name.invalid', 'http').catch(() => {})"
].join('\n')

/** A program as `run` has it, to be a worker of one. */
export function worker (...lines: string[]): string {
  const source = JSON.stringify([prelude, ...lines].join('\n'))
  return `new Worker(new URL('data:text/javascript,' + encodeURIComponent(${source}.replaceAll(/from '(@[^']+)'/g, ` +
    "(_, name) => `from '${import.meta.resolve(name)}'`))))"
}

/** Runs the lines as an ES module in a process of their own. */
export function run (...lines: string[]): { code: number | null, signal: string | null, out: string, err: string } {
  const result = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', [prelude, ...lines].join('\n')],
    { cwd: here, encoding: 'utf8', timeout: 30_000 })
  return { code: result.status, signal: result.signal, out: result.stdout, err: result.stderr }
}
