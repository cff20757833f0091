// SPDX-License-Identifier: MIT OR BSL-1.0
// emilua [OPTIONS OF NODE] PROGRAM.ts [--] [ARGUMENTS] runs on Node; any other command line is for the native executable.
import { subscribe } from 'node:diagnostics_channel'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { CompileError } from './index.js'
import { endByBrokenPipe, endWithReader, isOfBrokenOutput } from './output.js'
import { parse, UsageError, type CommandLine } from './options.js'
import { run, runMain, runText } from './run.js'

/** What Node ends with when the program's top level waits for something that cannot come. */
const unsettled = 13

function refuse (message: string): never {
  console.error(`emilua: ${message}\nTry 'emilua --help'.`)
  process.exit(2)
}

function located (program: string): string {
  let path: string
  try {
    path = realpathSync(program)
  } catch (error) {
    refuse(`cannot open '${program}': ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'No such file or directory' : (error as Error).message}`)
  }
  if (statSync(path).isDirectory()) refuse(`cannot open '${program}': Is a directory`)
  return path
}

/** Says at the end which program's top level still waits: Node would point at this file. */
async function settling<T> (program: string, work: Promise<T>): Promise<T> {
  let emptied = false
  let settled = false
  process.once('beforeExit', () => { emptied = true })
  process.on('exit', code => {
    if (!emptied || settled || code !== 0) return
    process.exitCode = unsettled
    console.error(`Warning: Detected unsettled top-level await in ${program}`)
  })
  try {
    return await work
  } finally {
    settled = true
  }
}

/** What the runtime publishes of a fiber that failed. */
interface Panic { readonly error: unknown }

/** A fiber, or a promise, that prints what nobody reads and that nobody waits for ends the program as its top level does. */
function endWithReaderOfOthers (): void {
  subscribe('emilua:fiber:panic', panic => {
    if (isOfBrokenOutput((panic as Panic).error)) endByBrokenPipe()
  })
  process.on('uncaughtExceptionMonitor', error => {
    if (isOfBrokenOutput(error) && process.listenerCount('uncaughtException') === 0) endByBrokenPipe()
  })
}

/** Has the cleanup handlers of the main fiber run when the top level is through, as a `finally` around all of it would. */
async function asMainFiber<T> (topLevel: Promise<T>): Promise<T> {
  let showLost = (): void => {}
  try {
    return await topLevel
  } catch (error) {
    // By handlers that end the process, or never end.
    showLost = () => { console.error(error) }
    process.on('exit', showLost)
    throw error
  } finally {
    // What the packages of the program left there, if it has loaded any: who confined itself can load nothing any more.
    await (globalThis as Record<symbol, (() => Promise<void>) | undefined>)[Symbol.for('emilua.endMainFiber')]?.()
    process.off('exit', showLost)
  }
}

/** `text` as a program that prints its value. */
function printing (text: string): string {
  return `console.log(await (\n${text.replace(/;\s*$/, '')}\n))`
}

async function runHere ({ imports, rest, source }: CommandLine): Promise<void> {
  const file = typeof source === 'object' && 'file' in source ? located(source.file) : undefined
  endWithReader()
  endWithReaderOfOthers()
  process.argv.splice(1, Infinity, ...file === undefined ? [] : [file], ...rest)
  try {
    for (const path of imports) await settling(path, run(located(path)))
    if (file !== undefined) await settling(file, asMainFiber(runMain(file)))
    else if (source === 'stdin') await settling('[stdin]', asMainFiber(runText(readFileSync(0, 'utf8'), '[stdin]')))
    else if (typeof source === 'object' && 'text' in source) await settling('[eval]', asMainFiber(runText(source.print ? printing(source.text) : source.text, '[eval]')))
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    console.error(error.message)
    // A watching parent has to be told first which sources to watch.
    process.exitCode = 1
    if (process.connected) process.disconnect()
    else process.exit()
  }
}

async function runOnAnotherNode ({ node, imports, rest, source }: CommandLine): Promise<number> {
  const { execute } = await import('./executable.js')
  const program = source === 'stdin'
    ? ['-']
    : 'file' in source! ? [source.file] : [source!.print ? '-p' : '-e', source!.text]
  const words = [...imports.map(path => `--import=${path}`), ...program, '--', ...rest]
  return await execute(process.execPath, [...process.execArgv, ...node, process.argv[1]!, ...words])
}

async function runExecutable (words: string[]): Promise<number> {
  const { execute, executable } = await import('./executable.js')
  const status = await execute(executable(), words)
  if (words[0] === '--version' && status === 0) console.log(`Node ${process.version}`)
  return status
}

/** What is wrong with a command line, with the option that was meant where one is similar. */
async function explained ({ message, unknown }: UsageError): Promise<string> {
  if (unknown === undefined) return message
  const { isItMeant } = await import('@emilua/native')
  const meant = isItMeant(unknown, ['--help', '--version', ...process.allowedNodeEnvironmentFlags])
  return meant === '' ? message : `unknown option '${unknown}'${meant}`
}

async function understood (words: string[]): Promise<CommandLine> {
  try {
    return parse(words)
  } catch (error) {
    if (error instanceof UsageError) refuse(await explained(error))
    throw error
  }
}

async function start (words: string[]): Promise<void> {
  const own = ['--help', '-h', '--version', '--bundle', '--fibers'].includes(words[0] ?? '')
  const line = own ? { node: [], imports: [], rest: words } : await understood(words)
  if ('source' in line && line.node.length === 0) return await runHere(line)
  const ended = 'source' in line ? runOnAnotherNode(line) : runExecutable(words)
  process.exit(await ended.catch((error: Error) => {
    console.error(`emilua: ${error.message}`)
    return 1
  }))
}

// Not awaited, because Node says of an await at top level that never ends where it is.
start(process.argv.slice(2)).catch((error: unknown) => {
  if (isOfBrokenOutput(error)) endByBrokenPipe()
  // A program that does not start ends the process, as in Node, whatever it does about other rejections.
  const handlers = process.rawListeners('unhandledRejection') as ((reason: unknown, promise: Promise<unknown>) => void)[]
  process.removeAllListeners('unhandledRejection')
  setImmediate(() => { for (const handler of handlers) process.on('unhandledRejection', handler) })
  throw error
})
