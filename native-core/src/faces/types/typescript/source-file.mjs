// SPDX-License-Identifier: MIT OR BSL-1.0

/** One TypeScript file in the making: its imports and its text. */
export class SourceFile {
  #imports = new Map()
  #loaded = new Set()
  #body = []

  /** `alone`: programs can load it without the index of its module. */
  constructor (path, module, manifest, alone = false) {
    this.path = path
    this.module = module
    this.manifest = manifest
    this.alone = alone
  }

  /** Imports a value from `from`, a package or the path of a generated file from `generated/`. Returns its name. */
  value (name, from) {
    this.#of(from).set(name, 'value')
    return name
  }

  /** Imports a type. A name that is imported as a value too is imported once. */
  type (name, from) {
    if (from === this.path) return name
    const names = this.#of(from)
    if (!names.has(name)) names.set(name, 'type')
    return name
  }

  /** Has `from` loaded when this file is, even if only types are imported from it. */
  load (from) {
    this.#of(from)
    this.#loaded.add(from)
  }

  add (text) {
    if (text !== '') this.#body.push(text)
  }

  toString () {
    const lines = [...this.#imports]
      .map(([from, names]) => [this.to(from), names, this.#loaded.has(from)])
      .sort(([a], [b]) => Number(a.startsWith('.')) - Number(b.startsWith('.')) || (a < b ? -1 : 1))
      .map(([from, names, loaded]) => importLine(from, [...names].sort(([a], [b]) => compare(a, b)), loaded))
    const imports = lines.length > 0 ? lines.join('') + '\n' : ''
    return header(this.module) + imports + this.#body.join('\n')
  }

  #of (from) {
    if (!this.#imports.has(from)) this.#imports.set(from, new Map())
    return this.#imports.get(from)
  }

  /** How this file names `from`, the path of another. */
  to (from) {
    if (!from.endsWith('.ts')) return from
    const up = '../'.repeat(this.path.split('/').length - 1)
    const target = from.replace(/\.ts$/, '.js')
    const folder = this.path.slice(0, this.path.lastIndexOf('/') + 1)
    if (folder !== '' && target.startsWith(folder)) return './' + target.slice(folder.length)
    return (up === '' ? './' : up) + target
  }
}

function compare (a, b) {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  return x < y ? -1 : x > y ? 1 : 0
}

function importLine (from, names, loaded) {
  if (names.length === 0) return `import '${from}'\n`
  if (!loaded && names.every(([, kind]) => kind === 'type')) {
    return `import type { ${names.map(([name]) => name).join(', ')} } from '${from}'\n`
  }
  return `import { ${names.map(([name, kind]) => kind === 'type' ? `type ${name}` : name).join(', ')} } from '${from}'\n`
}

function header (module) {
  return '// SPDX-License-Identifier: MIT OR BSL-1.0\n' +
    `// Written by native-core/generate from the description of "${module}"; change that instead.\n`
}
