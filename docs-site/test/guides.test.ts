// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { encrypted, freePort, plainly, servesOn } from './servers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const guides = join(root, 'docs-site/guides')
const comment = { ts: /^\s*console\.log\(.*\) \/\/ (.*)$/gm, lua: /^\s*print\(.*\) -- (.*)$/gm }

// About the core, in C++ or in pieces.
const aboutTheCore = ['add-a-module.md', 'architecture.md']

describe('the programs in the guides', function () {
  this.timeout(20_000)
  let folder: string

  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-guide-')) })
  afterEach(() => rmSync(folder, { recursive: true }))

  function output (path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const env = { ...process.env, EMILUA_NO_BUILD: '1' }
      execFile(join(root, 'emilua'), [path], { env, cwd: folder }, (error, stdout, stderr) => {
        // A fiber whose failure nobody awaited in time is said to have panicked.
        if (error || /^Fiber .* panicked/m.test(stderr)) reject(new Error(stderr || stdout))
        else resolve(stdout)
      })
    })
  }

  const serving: string[] = []
  for (const guide of readdirSync(guides).filter(name => name.endsWith('.md') && !aboutTheCore.includes(name))) {
    const text = readFileSync(join(guides, guide), 'utf8')
    // A block marked "fragment" is a piece of a program; one marked "server" ends when it is stopped.
    const blocks = [...text.matchAll(/^```(ts|lua)\n(.*?)^```$/gms)] as unknown as [string, 'ts' | 'lua', string][]
    for (const [index, [, language, program]] of blocks.entries()) {
      it(`${guide}, program ${index + 1}: runs and prints what it says`, async () => {
        const path = join(folder, `program.${language}`)
        writeFileSync(path, program)
        const promised = [...program.matchAll(comment[language])].map(match => match[1]!)
        const printed = await output(path)
        if (promised.length) expect(printed.trim().split('\n')).deep.equal(promised)
      })
    }

    const servers = [...text.matchAll(/^```(ts|lua)(?: server)?\n(.*?)^```$/gms)]
      .map(([, language, program]) => ({ language: language!, server: program!.split(/^(?:const|using|local) client\b/m)[0]! }))
      .filter(({ server }) => /for await \(const (?:socket|connection) of|while true do\n.*accept\(\)/.test(server))
    for (const { language, server } of servers) {
      serving.push(guide)
      it(`${guide}: its ${language} server serves on, whatever clients do`, async () => {
        const port = await freePort()
        const path = join(folder, `server.${language}`)
        const listening = server.replace(/(?:127\.0\.0\.1)?:(?:0|7000)(?=')/, `127.0.0.1:${port}`)
        writeFileSync(path, /^const serving = spawn/m.test(listening) ? listening + 'await serving.join()\n' : listening)
        expect(listening).includes(`listen('127.0.0.1:${port}')`)
        if (guide === 'tls.md') await servesOn(path, port, encrypted, /^(?:Error: |EmiluaError: )/)
        else await servesOn(path, port, plainly)
      })
    }

    it(`${guide} leads only to pages that exist`, () => {
      const known = new Set(readdirSync(guides))
      for (const [, target] of text.matchAll(/\]\(\.\/([^)#]+)/g)) expect(known.has(target!), target).equal(true)
    })
  }

  it('have servers, of which each was tried', () => {
    expect(serving).deep.equal(['deployment.md', 'from-node.md', 'lua.md', 'sockets.md', 'tls.md', 'tls.md'])
  })
})

describe('the pages of the site', () => {
  const read = (path: string) => readFileSync(join(root, path), 'utf8')

  it('have each guide once', () => {
    const documents = (JSON.parse(read('docs-site/typedoc.json')) as { projectDocuments: string[] }).projectDocuments
    const listed = documents.filter(path => path.startsWith('./guides/'))
    expect(listed.map(path => path.slice('./guides/'.length)).sort()).deep.equal(readdirSync(guides).filter(name => name.endsWith('.md')).sort())
  })

  it('begin with one that names every package', () => {
    const index = read('docs-site/index.md')
    for (const name of readdirSync(join(root, 'packages'))) expect(index, name).match(new RegExp(`^\\| (\\{@link @emilua/${name}! @emilua/${name}\\}|\\[${name}\\]\\(\\S+\\)) \\|`, 'm'))
  })

  it('have titles over the columns of their tables', () => {
    const pages = ['README.md', ...readdirSync(guides).filter(name => name.endsWith('.md')).map(name => `docs-site/guides/${name}`),
      ...readdirSync(join(root, 'packages')).map(name => `packages/${name}/README.md`)]
    for (const page of pages) expect(read(page), page).not.match(/^\|(?: *\|)+\n\|-/m)
  })
})
