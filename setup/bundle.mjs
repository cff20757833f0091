#!/usr/bin/env node
// SPDX-License-Identifier: MIT OR BSL-1.0
// Makes one file of each package's many, and one more for each further door that it has: Node takes about a millisecond
// for each module it loads, and a program may load forty of ours. Published packages offer nothing else; in this tree,
// where tsc alone may have written something newer, the bundles are taken under the condition "bundled" of the exports
// maps, which ./emilua sets.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('../packages', import.meta.url))
const { build } = createRequire(join(packages, 'cli/package.json'))('esbuild')
const ts = createRequire(import.meta.url)('typescript')

const common = {
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Otherwise a class that mentions itself would be seen under another name.
  keepNames: true,
  write: false,
  logLevel: 'error'
}

/** Further doors, which are not in the exports map: files that are run, or loaded when they are needed. */
const hidden = { runtime: ['actor-thread.js', 'actor-process.js', 'actor-module.js'], cli: ['main.js', 'executable.js', 'dynamic.js', 'commonjs.js', 'worker.js', 'workers.js', 'children.js', 'cluster.js'] }

/** The files to be made for an exports map, each with the compiled files that it is made of. */
function targets (exports) {
  const made = {}
  for (const { bundled, default: compiled } of Object.values(exports)) (made[bundled] ??= new Set()).add(compiled)
  return made
}

/** The compiled files of a door: `node.js` and all that is in `node/`. */
function filesOf (dist, door) {
  const folder = basename(door, '.js')
  const inside = existsSync(join(dist, folder)) ? readdirSync(join(dist, folder)) : []
  return [door, ...inside.filter(file => file.endsWith('.js')).map(file => join(folder, file))]
}

/** What a compiled file of `dist` imports of the package, as seen from `dist`. */
function neighbours (dist, file) {
  const paths = Array.from(readFileSync(join(dist, file), 'utf8').matchAll(/ from '(\.\.?\/[^']+)'/g), match => match[1])
  return paths.map(path => `./${join(dirname(file), path)}`)
}

/** Whether a file, as seen from `dist`, is of a further door. */
function isOfDoor (path, doors) {
  return doors.some(door => path === `./${door}` || path.startsWith(`./${basename(door, '.js')}/`))
}

/** Whether only the door `/sync` has a compiled file, whose names are those of the package once more. */
function isSync (file) {
  return /^\.\/(generated\/)?sync(\.js$|\/)/.test(file)
}

async function bundle (name) {
  const folder = join(packages, name)
  const outdir = join(folder, 'bundled')
  rmSync(outdir, { recursive: true, force: true })
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { './bundled/index.js': main, ...others } = targets(exports)
  const doors = [...Object.keys(others).map(file => basename(file)), ...hidden[name] ?? []]
  const dist = join(folder, 'dist')
  const needed = doors.flatMap(door => filesOf(dist, door)).flatMap(file => neighbours(dist, file))
    .filter(file => !isSync(file) && !isOfDoor(file, doors))
  const contents = [...main, ...needed.map(file => join('./dist', file))].map(file => `export * from './${file}'\n`).join('')
  const made = await Promise.all([
    build({ ...common, outfile: join(outdir, 'index.js'), stdin: { contents, resolveDir: folder }, plugins: [late(doors)] }),
    build({ ...common, outdir, entryPoints: doors.map(door => join(dist, door)), plugins: [late(doors), apart(dist, doors)] })
  ])
  mkdirSync(outdir)
  for (const { path, text } of made.flatMap(({ outputFiles }) => outputFiles)) writeFileSync(path, withConstants(path, namedOnce(path, text)))
}

/**
 * The bundle `text` without the names that esbuild gives to functions inside of functions whenever they are made: each
 * takes V8 some two thousand instructions, and they are called as what they are assigned to is anyway.
 */
function namedOnce (path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const gone = []
  const visit = (node, inside) => {
    if (inside && ts.isCallExpression(node) && node.expression.getText(file) === '__name' && ts.isFunctionLike(node.arguments[0])) {
      gone.push([node.expression.getStart(file), node.arguments[0].getStart(file), '('], [node.arguments[0].end, node.end, ')'])
    }
    ts.forEachChild(node, child => { visit(child, inside || ts.isFunctionLike(node) || ts.isPropertyDeclaration(node)) })
  }
  visit(file, false)
  return gone.sort(([a], [b]) => b - a).reduce((all, [begin, end, instead]) => all.slice(0, begin) + instead + all.slice(end), text)
}

/** What `node` assigns to; `undefined` if it does not. */
function targetOf (node) {
  if (ts.isBinaryExpression(node)) return ts.isAssignmentOperator(node.operatorToken.kind) ? node.left : undefined
  if (ts.isPostfixUnaryExpression(node)) return node.operand
  if (ts.isPrefixUnaryExpression(node)) return [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(node.operator) ? node.operand : undefined
  return ts.isForOfStatement(node) || ts.isForInStatement(node) ? node.initializer : undefined
}

/** The variables that `node` mentions. */
function variablesIn (node) {
  if (ts.isIdentifier(node)) return [node.text]
  const names = []
  ts.forEachChild(node, child => { names.push(...variablesIn(child)) })
  return names
}

/**
 * The bundle `text` with `const` again where esbuild has made `var` of it: V8 compiles what a constant is into whatever
 * uses it, and looks at a variable each time, and at what that may have become.
 */
function withConstants (path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const assigned = new Set()
  const visit = node => {
    const target = targetOf(node)
    if (target !== undefined && !ts.isAccessExpression(target)) for (const name of variablesIn(target)) assigned.add(name)
    ts.forEachChild(node, visit)
  }
  visit(file)
  const isConstant = ({ name, initializer }) => initializer !== undefined && !variablesIn(name).some(name => assigned.has(name))
  return file.statements
    .filter(node => ts.isVariableStatement(node) && node.getText(file).startsWith('var ') && node.declarationList.declarations.every(isConstant))
    .map(node => node.getStart(file)).reverse()
    .reduce((all, at) => `${all.slice(0, at)}const${all.slice(at + 'var'.length)}`, text)
}

/** Leaves a door that is imported dynamically to be loaded when that happens. */
function late (doors) {
  return {
    name: 'late',
    setup ({ onResolve }) {
      onResolve({ filter: /^\.\// }, ({ path, kind }) => kind === 'dynamic-import' && doors.includes(basename(path)) ? { path, external: true } : undefined)
    }
  }
}

/** Lets a further door take what it shares with the package from the package's one file, so that it exists once. */
function apart (dist, doors) {
  return {
    name: 'apart',
    setup ({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir }) => {
        const file = `./${relative(dist, join(resolveDir, path))}`
        if (kind !== 'import-statement' || isSync(file)) return
        if (doors.includes(basename(file))) return { path, external: true }
        if (!isOfDoor(file, doors)) return { path: './index.js', external: true }
      })
    }
  }
}

await Promise.all(readdirSync(packages).filter(name => existsSync(join(packages, name, 'dist'))).map(bundle))
