#!/usr/bin/env node
// SPDX-License-Identifier: MIT OR BSL-1.0
// Makes few files of each package's many: Node takes about a millisecond for
// each module it loads, and a program may load forty of ours. What is bundled
// is taken under the condition "bundled" of the exports maps, which ./emilua
// sets; everybody else gets the files as tsc wrote them.
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('../packages', import.meta.url))
const { build } = createRequire(join(packages, 'cli/package.json'))('esbuild')

// Entries that no exports map names: they are found by path.
const programs = { cli: ['main', 'dynamic'] }

async function bundle (name) {
  const folder = join(packages, name)
  if (!existsSync(join(folder, 'dist'))) return
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const exported = Object.values(exports).map(entry => /^\.\/dist\/(.*)\.js$/.exec(entry.import)[1])
  const outdir = join(folder, 'bundled')
  rmSync(outdir, { recursive: true, force: true })
  await build({
    entryPoints: [...new Set([...exported, ...programs[name] ?? []])].map(entry => join(folder, 'dist', `${entry}.js`)),
    outdir,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Otherwise a class that mentions itself would be seen under another name.
    keepNames: true,
    logLevel: 'error'
  })
}

await Promise.all(readdirSync(packages).map(bundle))
