// SPDX-License-Identifier: MIT OR BSL-1.0
// A short text that matches as a whole, the last of 4 KiB, and a hundred fields.
import { match, Regex, search, split } from '@emilua/regex'
import { rate } from '../measure/measure.mjs'

const compile = (pattern: string): Regex => new Regex({ pattern, grammar: 'ecma' })
const [pair, date, comma] = [compile('([a-z]+)=([0-9]+)'), compile('[0-9]{4}-[0-9]{2}-[0-9]{2}'), compile(', *')]
const page = 'neither a digit nor a dash here. '.repeat(124) + '2024-02-29'
const fields = 'field, '.repeat(99) + 'field'
let sink: unknown

await rate('match', n => { for (let i = 0; i < n; i++) sink = match(pair, 'content=1234') })
await rate('search_4k', n => { for (let i = 0; i < n; i++) sink = search(date, page)[0] })
await rate('split_100', n => { for (let i = 0; i < n; i++) sink = split(comma, fields)[99] })

if (sink === undefined) throw new Error('nothing was measured')
