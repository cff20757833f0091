// SPDX-License-Identifier: MIT OR BSL-1.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmiluaError, genericError, loadErrors } from '@emilua/errors'
import { expect } from 'chai'

const head = `@prefix cat: <https://schema.emilua.org/error_category/0/#>.
<about:emilua-module> a <https://schema.emilua.org/error_category/0/>;
`

describe('errors of a file of Turtle', () => {
  let folder: string
  let number = 0
  before(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-turtle-')) })
  after(() => { rmSync(folder, { recursive: true }) })

  function written (text: string): string {
    const path = join(folder, `mine${++number}.ttl`)
    writeFileSync(path, text)
    return path
  }
  const problem = async (text: string): Promise<string> => {
    const error: unknown = await loadErrors(written(text)).catch(error => error)
    expect(error).to.be.instanceOf(EmiluaError).and.to.include({ code: 'EBADMSG' })
    return (error as EmiluaError).message.replace(/^.*\/mine\d+\.ttl:/, '')
  }

  it('have names, numbers, messages and generic twins', async () => {
    const mine = await loadErrors(written(`${head} cat:error [
      cat:code 7; cat:alias "seven", "also_seven"; cat:message "Seven", "Sieben"@de; cat:generic_error "EAGAIN"
    ], [ cat:code 8; cat:alias "eight" ].`))
    const { seven, also_seven: also, eight } = mine.errors
    expect(seven).to.be.instanceOf(EmiluaError).and.to.include({ code: 'seven', errno: 7, message: 'Seven', category: mine.category })
    expect([seven!.equals(also), seven!.equals(eight), seven === mine.errors.seven]).to.deep.equal([true, false, false])
    expect(seven!.toGeneric().equals(genericError.EAGAIN)).equal(true)
    expect(mine.error(8).toGeneric().equals(eight)).equal(true)
    expect([mine.error(8).message, mine.category.message(9)]).to.deep.equal(['eight', 'Unknown error 9'])
    expect(mine.error('seven', { cause: 'why' }).cause).equal('why')
    expect(() => mine.error('nine')).throw().include({ code: 'EINVAL', arg: 'which' })
    expect(mine.category.name).equal(`mine${number}`)
  })

  it('are in the language of the environment, or a more general one, or none', async () => {
    const before = process.env.LC_ALL
    const mine = await loadErrors(written(`${head} cat:error [
      cat:code 1; cat:message "plain", "alemão"@pt, "brasileiro"@pt-BR
    ].`))
    try {
      for (const [locale, text] of [['C', 'plain'], ['pt_BR.UTF-8', 'brasileiro'], ['pt_PT', 'alemão'], ['de_DE', 'plain']]) {
        process.env.LC_ALL = locale
        expect(mine.category.message(1)).equal(text)
      }
    } finally {
      if (before === undefined) delete process.env.LC_ALL
      else process.env.LC_ALL = before
    }
  })

  it('are the same for whoever loads the same file', async () => {
    const path = written(`${head} cat:error [ cat:code 1; cat:alias "one" ].`)
    expect(await loadErrors(path)).equal(await loadErrors(join(folder, '.', path.slice(folder.length))))
  })

  it('refuse a name that is misspelt', async () => {
    const mine = await loadErrors(written(`${head} cat:error [ cat:code 1; cat:alias "QUEUE_FULL" ].`))
    expect(() => mine.errors['QUEUE_FUL']).throw("has no error 'QUEUE_FUL'; is it 'QUEUE_FULL' that is meant?")
    expect(() => mine.error('QUEUE_FUL')).throw('which: Expected the name or the number of an error, not "QUEUE_FUL"; is it \'QUEUE_FULL\' that is meant?')
    expect(() => mine.error(2)).throw('which: Expected the name or the number of an error, not 2')
    expect(mine.errors['then']).equal(undefined)
  })

  it('are told where the file is wrong', async () => {
    expect(await problem(`${head} cat:error [ cat:code 1 `)).match(/^3:\d+: /)
    expect(await problem(`${head} cat:error [ cat:code "x" ].`)).match(/^3:\d+: cat:code has to be an integer$/)
    expect(await problem(`${head} cat:error [\n cat:code 1;\n cat:generic_error "ENOSUCH" ].`)).match(/^5:\d+: "ENOSUCH" is no generic error$/)
    expect(await problem(`${head} cat:error [ cat:code 1; cat:colour "red" ].`)).match(/^3:\d+: there is no cat:colour$/)
    expect(await problem(`${head} cat:error [ cat:alias "one" ].`)).match(/^3:\d+: an error needs a cat:code$/)
    expect(await problem(`${head} cat:error [ cat:code 1 ], [ cat:code 1 ].`)).match(/^3:\d+: two errors have the cat:code 1$/)
    expect(await problem('')).match(/^1:1: <about:emilua-module> is no/)
    expect(await loadErrors(join(folder, 'nothing.ttl')).catch((error: Error & { code: string }) => error.code)).equal('ENOENT')
  })
})
