// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError, loadPlugin } from '@emilua/native'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

interface Case {
  call: string
  with: unknown[]
  /** What it gives; or else where it is wrong, in the words of each language, and what was expected there. */
  gives?: unknown
  at?: { lua: string | number, typescript: string }
  expected?: string
}

const root = new URL('../../../', import.meta.url)
const build = fileURLToPath(new URL('native-core/build/release', root))
const cases = JSON.parse(readFileSync(new URL('test-fixtures/everything/cases.json', root), 'utf8')) as Case[]
const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null

/** One text for what is the same in both languages. */
function shown (v: unknown): string {
  if (!isObject(v)) return String(v)
  const entries: Array<[string, unknown]> = Array.isArray(v) ? v.map((part, index) => [String(index + 1), part]) : Object.entries(v)
  return `{${entries.filter(([, part]) => part !== undefined).map(([key, part]) => `${key}=${shown(part)}`).sort().join(' ')}}`
}

function inLua (v: unknown): string {
  if (typeof v === 'string') return `'${v.replaceAll('\0', '\\0')}'`
  if (!isObject(v)) return String(v)
  if (Array.isArray(v)) return `{${v.map(inLua).join(', ')}}`
  return `{${Object.entries(v).map(([key, part]) => `['${key}'] = ${inLua(part)}`).join(', ')}}`
}

/** Keys change only where they are names of fields, which alone have underscores here. */
function inTypescript (v: unknown): unknown {
  if (!isObject(v)) return v
  if (Array.isArray(v)) return v.map(inTypescript)
  return Object.fromEntries(Object.entries(v).map(([key, part]) => [key.replace(/_(.)/g, (_, c: string) => c.toUpperCase()), inTypescript(part)]))
}

const luaProgram = `
local everything = require 'everything'
local function shown(v)
    if type(v) ~= 'table' then return tostring(v) end
    local parts = {}
    for key, part in pairs(v) do parts[#parts + 1] = tostring(key) .. '=' .. shown(part) end
    table.sort(parts)
    return '{' .. table.concat(parts, ' ') .. '}'
end
local function try(ok, v)
    if ok then return print('gives ' .. shown(v)) end
    print('EINVAL at ' .. (v.path or v.arg), v.code == 22 and v.expected)
end
${cases.map(each => `try(pcall(everything.${each.call}${each.with.map(v => ', ' + inLua(v)).join('')}))`).join('\n')}
`

describe('calls in both languages', () => {
  let lua: string[]
  const plugin = loadPlugin(`${build}/test/everything.so`)

  before(() => {
    const folder = mkdtempSync(join(tmpdir(), 'emilua-cases-'))
    const program = join(folder, 'program.lua')
    writeFileSync(program, luaProgram)
    try {
      // What a sanitizer preloads into Node has no business in the executable.
      const env = { ...process.env, LD_PRELOAD: '', EMILUA_PATH: `${build}/test` }
      lua = execFileSync(`${build}/emilua`, [program], { env, encoding: 'utf8' }).trimEnd().split('\n')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  cases.forEach((each, index) => {
    it(`${each.call} (${each.with.map(v => JSON.stringify(v)).join(', ')})`, () => {
      const [luaOutcome, luaExpected] = lua[index]!.split('\t')
      const call = (): unknown => (plugin[`${each.call}:sync`] ?? plugin[each.call]!)(...each.with.map(inTypescript))
      if (each.at === undefined) {
        expect(luaOutcome).to.equal(`gives ${shown(each.gives)}`)
        expect(shown(call())).to.equal(shown(inTypescript(each.gives)))
        return
      }
      expect(luaOutcome).to.equal(`EINVAL at ${each.at.lua}`)
      expect(call).to.throw(EmiluaError).that.includes({ code: 'EINVAL', arg: each.at.typescript })
      if (each.expected === undefined) return
      expect(luaExpected).to.equal(each.expected)
      expect(call).to.throw(`${each.at.typescript}: Expected ${each.expected}`)
    })
  })
})
