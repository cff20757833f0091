// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A program of the guide "HTTP, TLS and databases over the bridge". */
export interface GuideProgram {
  /** The words behind the fence: `ts`, `ts pg`, … */
  kind: string
  program: string
  /** What it says it prints: the comments at the ends of its console.log lines. */
  promised: string[]
}

/** The programs of the guide; its fragments are not among them. */
export function guidePrograms (): GuideProgram[] {
  const text = readFileSync(join(root, 'docs-site/guides/http-and-databases.md'), 'utf8')
  return [...text.matchAll(/^```(ts[a-z0-9 ]*)\n(.*?)^```$/gms)]
    .map(match => ({ kind: match[1]!, program: match[2]! }))
    .filter(({ kind }) => kind !== 'ts fragment')
    .map(each => ({ ...each, promised: [...each.program.matchAll(/^.*console\.log\(.*\) \/\/ (.*)$/gm)].map(match => match[1]!) }))
}

/** Runs `program` in a folder from which the packages of the workspace are found; resolves with the lines it prints. */
export async function runProgram (program: string, environment: Record<string, string> = {}): Promise<string[]> {
  mkdirSync(join(root, '.emilua'), { recursive: true })
  const folder = mkdtempSync(join(root, '.emilua/guide-'))
  try {
    const path = join(folder, 'program.ts')
    writeFileSync(path, program)
    const env = { ...process.env, ...environment, EMILUA_NO_BUILD: '1' }
    const printed = await new Promise<string>((resolve, reject) => {
      execFile(join(root, 'emilua'), [path], { env, cwd: folder, timeout: 15_000 }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr || error.message))
        else resolve(stdout)
      })
    })
    return printed.trim().split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
