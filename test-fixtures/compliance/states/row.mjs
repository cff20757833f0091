// SPDX-License-Identifier: MIT OR BSL-1.0
import { className, functionName, camel, flagsAreOptions, packageName } from '../names.mjs'
import { archetypes, resolve } from './archetypes.mjs'
import { fixtures } from './fixtures.mjs'

/** The operation that is tested: the row of the suite's list that is in the environment, and what it leads to here. */
export const row = JSON.parse(process.env.ROW)
const archetype = archetypes[row.archetype]
const fixture = fixtures[row.fixture]
const holder = row.method ? null : await holderOf(row)

async function holderOf ({ module, cls, path }) {
  const names = [...cls ? className(cls).split('.') : [], ...functionName(path).split('.').slice(0, -1)]
  return names.reduce((object, name) => object[name], await import(packageName(module)))
}

/** A fresh set of objects; with `short`, of such as let the operation end by itself soon. */
export async function make (short) {
  return fixture.make(short)
}

/** The operation itself. */
export function start (c, options) {
  const object = holder ?? c.object
  const name = camel((row.method ?? row.path).split('.').at(-1))
  // A property is read once: each time may give another promise.
  const member = object[name]
  const count = row.parameters.length - Number(flagsAreOptions(row))
  const args = Array.from({ length: count }, (_, i) => resolve(c, row.arguments[i]))
  return typeof member === 'function' ? member.call(object, ...args, options) : member
}

export const succeedSoon = c => archetype.let(c)
export const check = (c, got) => archetype.check(c, row, got)
export const again = c => archetype.again?.(c)
