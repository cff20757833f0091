// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')
const emilua = process.env.EMILUA ?? join(root, 'native-core/build/release/emilua')
// Beside this file, where the workspace's packages are found.
const folder = mkdtempSync(join(here, '.programs-'))
process.on('exit', () => rmSync(folder, { recursive: true }))
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
  const command = language === 'lua' ? emilua : process.execPath
  return new Promise(resolve => {
    const running = spawn(command, [fileOf(language, program)], {
      stdio: [answers ? 'pipe' : 'ignore', 'pipe', 'pipe'], cwd: root, env: { ...process.env, ...environment }
    })
    const lines = []
    let errors = ''
    let late = false
    createInterface(running.stdout).on('line', line => {
      lines.push(line)
      if (answers && line.startsWith('{"ask"')) answers[JSON.parse(line).ask](running)
    })
    running.stderr.setEncoding('utf8').on('data', text => { errors += text })
    if (answers) running.stderr.pause()
    running.stdin?.on('error', () => {})
    const timer = setTimeout(() => { late = true; running.kill('SIGKILL') }, seconds * 1000)
    running.on('error', error => { errors += error.message })
    running.on('exit', () => running.stderr.resume())
    running.on('close', (status, signal) => {
      clearTimeout(timer)
      const ended = late ? 'timeout' : signal ?? `exit ${status}`
      resolve({ lines, ended, errors: errors.replaceAll('\0', '').slice(-2000) })
    })
  })
}

function fileOf (language, program) {
  if (program instanceof URL) return fileURLToPath(program)
  const path = join(folder, `${++number}.${language === 'lua' ? 'lua' : 'mjs'}`)
  writeFileSync(path, program)
  return path
}
