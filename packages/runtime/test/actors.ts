// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { EmiluaError } from '@emilua/errors'

/** One of the programs in `actors/`. */
export const program = (name: string): URL => new URL(`./actors/${name}`, import.meta.url)

/** What `f` throws, or its promise rejects with. */
export async function thrown (f: () => unknown): Promise<unknown> {
  try {
    await f()
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

/** The same, one of ours. */
export async function failure (f: () => unknown): Promise<EmiluaError> {
  const error = await thrown(f)
  expect(error).to.be.instanceOf(EmiluaError)
  return error as EmiluaError
}
