// SPDX-License-Identifier: MIT OR BSL-1.0
import type { NativeFunction } from './binding.js'
import { observedFibers, type FiberReport } from './fiber.js'
import { nativeWait, waitsOutside, type NativeWait } from './operation.js'

/** How many operations of one fiber are named. */
const named = 4

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n' }

/** A field of a line, as native-core/src/core/observed.cpp reads it. */
function field (value: string | number | boolean | undefined): string {
  if (value === undefined) return '-'
  return '=' + (typeof value === 'boolean' ? Number(value) : String(value).replace(/[\\\t\n]/g, c => escapes[c]!))
}

function line (fiber: FiberReport, waitsFor: string | undefined, seconds: number | undefined): string {
  const { id, state, isMain, canceled, name, waitsForFiber, where, function: fn } = fiber
  return ['fiber', ...[id, state, isMain, canceled, name, waitsFor, waitsForFiber, where, fn, seconds].map(field)].join('\t') + '\n'
}

/** What somebody who looks at the process is told of this thread's fibers. */
export function observed (names: ReadonlyMap<NativeFunction, string>): string {
  const outside = waitsOutside()
  const alone: FiberReport = {
    id: '0x1', isMain: true, state: 'waiting', canceled: false, name: undefined, parkedOn: undefined,
    waitsForFiber: undefined, where: undefined, function: undefined, seconds: undefined, operations: []
  }
  return (observedFibers() ?? [alone]).map(fiber => {
    const waits: NativeWait[] = fiber.operations.flatMap(operation => nativeWait(operation) ?? [])
    if (fiber.isMain) waits.push(...outside)
    const texts = waits.slice(0, named).map(({ operation }) => names.get(operation) ?? 'an operation')
    if (waits.length > named) texts.push(`${waits.length - named} more`)
    const since = waits.flatMap(({ seconds }) => seconds ?? [])
    return line(fiber, fiber.parkedOn ?? (texts.length > 0 ? texts.join(', ') : undefined),
      fiber.seconds ?? (since.length > 0 ? Math.max(...since) : undefined))
  }).join('')
}
