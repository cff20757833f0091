// SPDX-License-Identifier: MIT OR BSL-1.0
// The same over text, with what Node has for it.
import { posix } from 'node:path'
import { rate } from '../measure/measure.mjs'

const base = '/srv/site/pages'
const p = `${base}/a/../b.txt`
let sink

await rate('path_join', n => { for (let i = 0; i < n; i++) sink = `${base}/a/../b.txt` })
await rate('path_normal', n => { for (let i = 0; i < n; i++) sink = posix.normalize(p) })
await rate('path_parts', n => { for (let i = 0; i < n; i++) sink = [posix.dirname(p), posix.extname(p)] })
await rate('path_relative', n => { for (let i = 0; i < n; i++) sink = posix.relative(base, p) })

if (sink === undefined) throw new Error('nothing was measured')
