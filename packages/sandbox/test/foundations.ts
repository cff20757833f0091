// SPDX-License-Identifier: MIT OR BSL-1.0
// What guests of these tests stand on. A system that has not all of it is made by who runs them, and said in
// EMILUA_FOUNDATIONS: whatever else is missing is a failure.
import { probe, type Foundation } from '@emilua/sandbox'

const all: readonly Foundation[] = ['namespaces', 'process']

export const foundations = all.filter(foundation => (process.env.EMILUA_FOUNDATIONS ?? all.join()).split(',').includes(foundation))

/** Tests of what only one of them has, and of what happens where there are both. */
export const onNamespaces = foundations.includes('namespaces') ? it : it.skip
export const inProcess = foundations.includes('process') ? it : it.skip
export const onBoth = foundations.length === all.length ? it : it.skip

/** As lists of Lua have them. */
export const foundationsInLua = `{ ${foundations.map(foundation => `'${foundation}'`).join(', ')} }`

/** What a guest stands on whose policy does not say it. */
export const preferred = foundations[0]!

/** Whether a control group counts processes, and tells who was refused one. */
export const processesAreCounted = async (): Promise<boolean> => (await probe()).controlGroups.processes

/** Whether the guest of a process may send signals to itself: before Landlock knows whose they are, it may send none. */
export const signalsInProcess = Number(process.env.EMILUA_LANDLOCK_ABI ?? 99) >= 6

/** What guests of one shape that are made ahead take at most: two of them have three each. */
export const descriptorsAhead = 6
