// SPDX-License-Identifier: MIT OR BSL-1.0
import { existsSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { tool } from './tools.js'

/** The files that run on Node. */
export const runsOnNode = /\.[cm]?[jt]s$|\.[jt]sx$/

/** Whether the file at `path` is written in TypeScript. */
export function isTypeScript (path: string): boolean {
  return /\.[cm]?ts$|\.tsx$/.test(path) && !/\.d\.[cm]?ts$/.test(path)
}

/**
 * Whether the module at `path` is to be compiled. One under node_modules belongs to a package, and packages come
 * compiled; CommonJS in JavaScript runs where it lies.
 */
export function isOurs (path: string): boolean {
  if (path.includes('/node_modules/') || !existsSync(path)) return false
  const extension = extname(path)
  if (isTypeScript(path) || extension === '.mjs' || extension === '.jsx') return true
  return extension === '.js' && tool('es-module-lexer').parse(readFileSync(path, 'utf8'), path)[3]
}
