// SPDX-License-Identifier: MIT OR BSL-1.0
// The same with JavaScript's own.
import { rate } from '../measure/measure.mjs'

const [pair, date, comma] = [/^([a-z]+)=([0-9]+)$/, /[0-9]{4}-[0-9]{2}-[0-9]{2}/, /, */]
const page = 'neither a digit nor a dash here. '.repeat(124) + '2024-02-29'
const fields = 'field, '.repeat(99) + 'field'
let sink

await rate('match', n => { for (let i = 0; i < n; i++) sink = pair.exec('content=1234').slice(1) })
await rate('search_4k', n => { for (let i = 0; i < n; i++) sink = date.exec(page).index })
await rate('split_100', n => { for (let i = 0; i < n; i++) sink = fields.split(comma)[99] })

if (sink === undefined) throw new Error('nothing was measured')
