// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')
const emilua = process.env.EMILUA ?? join(root, 'native-core/build/release/emilua')
// Beside this file, where the workspace's packages are found.
const folder = mkdtempSync(join(here, '.programs-'))
process.on('exit', () => rmSync(folder, { recursive: true }))
let number = 0

/**
 * Runs `program`, written in `language`, in a process of its own.
 *
 * @returns the lines it printed, how it ended (`exit 0`, `SIGSEGV`, `timeout`), and the end of its standard error
 */
export function child (language, program, { args = [], seconds = 30 } = {}) {
  const path = join(folder, `${++number}.${language === 'lua' ? 'lua' : 'mjs'}`)
  writeFileSync(path, program)
  const command = language === 'lua' ? emilua : process.execPath
  return new Promise(resolve => {
    const running = spawn(command, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd: root })
    let output = ''
    let errors = ''
    let late = false
    running.stdout.setEncoding('utf8').on('data', text => { output += text })
    running.stderr.setEncoding('utf8').on('data', text => { errors += text })
    const timer = setTimeout(() => { late = true; running.kill('SIGKILL') }, seconds * 1000)
    running.on('error', error => { errors += error.message })
    running.on('close', (status, signal) => {
      clearTimeout(timer)
      const ended = late ? 'timeout' : signal ?? `exit ${status}`
      resolve({ lines: output.split('\n').filter(line => line !== ''), ended, errors: errors.slice(-2000) })
    })
  })
}
