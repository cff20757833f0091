// SPDX-License-Identifier: MIT OR BSL-1.0
import { createRequire } from 'node:module'

type Tools = {
  'es-module-lexer': typeof import('es-module-lexer')
  'esbuild': typeof import('esbuild')
  'get-tsconfig': typeof import('get-tsconfig')
  'resolve-pkg-maps': typeof import('resolve-pkg-maps')
}

const require = createRequire(import.meta.url)

/** A library that only compiling needs: a program found in the cache loads none of them. */
export function tool<Name extends keyof Tools> (name: Name): Tools[Name] {
  return require(name) as Tools[Name]
}
