// SPDX-License-Identifier: MIT OR BSL-1.0
// Running programs, and reading the measures they print: lines of "NAME VALUE UNIT".
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { clearTimeout, setTimeout } from 'node:timers'
import { folder } from './places.mjs'

const environment = { ...process.env, EMILUA_NO_BUILD: '1', EMILUA_PATH: join(folder, 'measure') }
const living = new Set()
process.on('exit', () => { for (const child of living) child.kill('SIGKILL') })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

export class ProgramFailed extends Error {}

/** Starts one that runs until it is killed, or ends. */
export function start (command, variables) {
  const child = spawn(command[0], command.slice(1), {
    env: { ...environment, ...variables },
    stdio: ['pipe', 'pipe', 'pipe']
  })
  living.add(child)
  child.title = command.map(word => word.startsWith(folder) ? relative(folder, word) : word).join(' ')
  child.complaints = ''
  child.stdin.on('error', () => {})
  child.stderr.setEncoding('utf8').on('data', text => { child.complaints = (child.complaints + text).slice(-2000) })
  child.ended = once(child, 'close').finally(() => living.delete(child))
  child.ended.catch(() => {})
  return child
}

function failure (child, why) {
  return new ProgramFailed(`${child.title}: ${why}${child.complaints && '\n' + child.complaints.trimEnd()}`)
}

/** Runs a program to its end and returns its measures: a map of name to { value, unit }. */
export async function measure (command, { variables = {}, seconds = 120 } = {}) {
  const child = start(command, variables)
  child.stdin.end()
  let overdue = false
  const timer = setTimeout(() => { overdue = true; child.kill('SIGKILL') }, seconds * 1000)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', text => { output += text })
  const [status, signal] = await child.ended.finally(() => clearTimeout(timer))
  if (overdue) throw failure(child, `not done after ${seconds} s`)
  if (status !== 0) throw failure(child, `ended with ${signal ?? `status ${status}`}`)
  return parse(child, output)
}

function parse (child, output) {
  const measures = new Map()
  for (const line of output.split('\n').filter(line => line.trim() !== '')) {
    const [, name, digits, unit] = /^(\S+) (\S+) (\S+)$/.exec(line) ?? []
    const value = Number(digits)
    if (name === undefined || !Number.isFinite(value) || value < 0) throw failure(child, `no "NAME VALUE UNIT": ${line}`)
    if (measures.has(name)) throw failure(child, `${name} is printed twice`)
    measures.set(name, { value, unit })
  }
  if (measures.size === 0) throw failure(child, 'printed no measure')
  return measures
}

/**
 * Starts a program that stays, and waits for its line "WORD N": a server's "port 1234", for one.
 * Returns its process id, N, `stop`, which kills it, `terminate`, which asks it to end, `end`, which closes its standard input and waits, and `blame`, which adds its state and its complaints to an error.
 */
export async function stay (command, word, { variables = {}, seconds = 60 } = {}) {
  const child = start(command, variables)
  const stop = async () => {
    child.kill('SIGKILL')
    await child.ended
  }
  const terminate = async () => {
    child.kill('SIGTERM')
    await child.ended
  }
  const end = async () => {
    child.stdin.end()
    setTimeout(() => child.kill('SIGKILL'), 10_000).unref()
    await child.ended
  }
  const lines = createInterface({ input: child.stdout })
  const announced = (async () => {
    for await (const line of lines) {
      const [first, number] = line.split(' ')
      if (first === word && Number.isInteger(Number(number))) return Number(number)
    }
    await child.ended
    throw failure(child, `ended without saying "${word} N"`)
  })()
  let timer
  const overdue = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(failure(child, `no "${word} N" after ${seconds} s`)), seconds * 1000)
  })
  try {
    const number = await Promise.race([announced, overdue])
    child.stdout.resume()
    const blame = error => failure(child, `${child.exitCode ?? child.signalCode ?? 'still alive'}; ${error.message}`)
    return { pid: child.pid, number, stop, terminate, end, blame }
  } catch (error) {
    announced.catch(() => {})
    child.kill('SIGKILL')
    throw error
  } finally {
    clearTimeout(timer)
  }
}
