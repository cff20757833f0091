// SPDX-License-Identifier: MIT OR BSL-1.0
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What each file imports of its own package, types included: file to files. */
type Imports = ReadonlyMap<string, readonly string[]>

function importsOf (source: string): string[] {
  return Array.from(source.matchAll(/^(?:import|export|\})[^'\n]* from '(\.[^']+)'|^import '(\.[^']+)'/gm), match => match[1] ?? match[2]!)
}

/** The packages of this tree that a source imports; examples in its comments are none. */
function packagesOf (source: string): string[] {
  return Array.from(source.matchAll(/^(?:import|export|\})[^'\n]* from '(@emilua\/[a-z-]+)|^import '(@emilua\/[a-z-]+)/gm), match => match[1] ?? match[2]!)
}

function sources (folder: string): Imports {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
  return new Map(files.map(name => {
    const file = join(folder, name)
    return [file, importsOf(readFileSync(file, 'utf8')).map(path => resolve(file, '..', path.replace(/\.js$/, '.ts')))]
  }))
}

/**
 * The first circle there is: files of which each imports the next, and the last the first. That a door imports itself,
 * to tell what it exports, is none: nothing waits for anything there.
 */
function circle (imports: Imports): string[] | null {
  const done = new Set<string>()
  const visit = (file: string, path: string[]): string[] | null => {
    if (path.includes(file)) return path.slice(path.indexOf(file))
    if (done.has(file)) return null
    for (const next of imports.get(file) ?? []) {
      const found = next === file ? null : visit(next, [...path, file])
      if (found !== null) return found
    }
    done.add(file)
    return null
  }
  for (const file of imports.keys()) {
    const found = visit(file, [])
    if (found !== null) return found
  }
  return null
}

describe('imports', () => {
  it('are found in all their forms', () => {
    expect(importsOf("import './a.js'\nimport { b } from './b.js'\nimport type { c } from './c.js'\nexport * from './d.js'\n" +
      "import {\n  e\n} from './e.js'\nimport { f } from 'f'\n")).to.deep.equal(['./a.js', './b.js', './c.js', './d.js', './e.js'])
  })

  it('would be seen to go round', () => {
    expect(circle(new Map([['a', ['b']], ['b', ['c', 'd']], ['c', []], ['d', ['b']]]))).to.deep.equal(['b', 'd'])
    expect(circle(new Map([['a', ['b', 'c']], ['b', ['c', 'b']], ['c', []]]))).to.equal(null)
  })

  for (const folder of ['packages', 'plugins']) {
    for (const name of readdirSync(join(root, folder)).filter(name => existsSync(join(root, folder, name, 'package.json')))) {
      const home = join(root, folder, name)

      it(`of ${name} go one way`, () => {
        const imports = sources(join(home, 'src'))
        expect(imports.size).to.be.greaterThan(0)
        expect([...imports.values()].flat().filter(file => !imports.has(file)), 'not found').to.deep.equal([])
        expect(circle(imports)?.map(file => relative(root, file)) ?? []).to.deep.equal([])
      })

      it(`of ${name} are its dependencies`, () => {
        const { dependencies = {} } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { dependencies?: object }
        const declared = Object.keys(dependencies).filter(dependency => dependency.startsWith('@emilua/'))
        const used = [...sources(join(home, 'src')).keys()].flatMap(file => packagesOf(readFileSync(file, 'utf8')))
        // The command depends on what the programs import that it runs.
        if (name === 'cli') expect(declared).to.include.members(used)
        else expect(declared.sort()).to.deep.equal([...new Set(used)].sort())
      })
    }
  }
})
