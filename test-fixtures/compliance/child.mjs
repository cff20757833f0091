// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')
const emilua = process.env.EMILUA ?? join(root, 'native-core/build/release/emilua')
/** A folder for what a run needs: beside this file, where the workspace's packages are found. Programs know it as SCRATCH. */
export const scratch = mkdtempSync(join(here, '.programs-'))
process.on('exit', () => rmSync(scratch, { recursive: true }))
let number = 0

/**
 * Runs `program`, written in `language`, in a process of its own: a text, or the URL of a file.
 *
 * `answers`: what is done when the program prints `{"ask": "…"}`. With them its standard error is read only when one
 * of them says so, and standard input stays open.
 *
 * @returns the lines it printed, how it ended (`exit 0`, `SIGSEGV`, `timeout`), and the end of its standard error
 */
export function child (language, program, { environment = {}, answers, seconds = 60 } = {}) {
  // The packages as they are published: what a module is made of takes longer to load than most programs take.
  const [command, ...options] = language === 'lua' ? [emilua] : [process.execPath, '--conditions=bundled']
  return new Promise(resolve => {
    const held = answers && heldPipe()
    const running = spawn(command, [...options, fileOf(language, program)], {
      stdio: [answers ? 'pipe' : 'ignore', 'pipe', held?.writer ?? 'pipe'],
      cwd: root,
      env: { ...process.env, SCRATCH: scratch, ...environment }
    })
    held?.given()
    const lines = []
    let errors = ''
    let late = false
    createInterface(running.stdout).on('line', line => {
      lines.push(line)
      if (answers && line.startsWith('{"ask"')) answers[JSON.parse(line).ask](running, held)
    })
    const collect = text => { errors += text }
    running.stderr?.setEncoding('utf8').on('data', collect)
    running.stdin?.on('error', () => {})
    const timer = setTimeout(() => { late = true; running.kill('SIGKILL') }, seconds * 1000)
    running.on('error', error => { errors += error.message })
    running.on('close', async (status, signal) => {
      clearTimeout(timer)
      await held?.rest(collect)
      const ended = late ? 'timeout' : signal ?? `exit ${status}`
      resolve({ lines, ended, errors: errors.replaceAll('\0', '').slice(-2000) })
    })
  })
}

/**
 * A pipe of which nothing is read before somebody says so. Node reads the first piece of a child's pipe in any case,
 * whenever it gets to it, and what was full has room again.
 */
function heldPipe () {
  const path = join(scratch, `${++number}.pipe`)
  execFileSync('mkfifo', [path])
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = openSync(path, constants.O_WRONLY)
  let stream = null
  let closed = false
  const read = () => { stream ??= new Socket({ fd: reader, readable: true, writable: false }).setEncoding('utf8') }
  return {
    writer,
    given () { closeSync(writer) },
    read () { read(); stream.resume() },
    close () {
      closed = true
      if (stream === null) closeSync(reader)
      else stream.destroy()
    },
    rest (collect) {
      if (closed || stream?.destroyed) return
      read()
      return new Promise(resolve => stream.on('data', collect).on('close', resolve))
    }
  }
}

function fileOf (language, program) {
  if (program instanceof URL) return fileURLToPath(program)
  const path = join(scratch, `${++number}.${language === 'lua' ? 'lua' : 'mjs'}`)
  writeFileSync(path, program)
  return path
}
