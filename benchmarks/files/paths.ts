// SPDX-License-Identifier: MIT OR BSL-1.0
import { Path } from '@emilua/filesystem'
import { rate } from '../measure/measure.mjs'

const base = new Path('/srv/site/pages')
const p = base.join('a/../b.txt')
let sink: unknown

await rate('path_join', n => { for (let i = 0; i < n; i++) sink = base.join('a/../b.txt') })
await rate('path_normal', n => { for (let i = 0; i < n; i++) sink = p.lexicallyNormal() })
await rate('path_parts', n => { for (let i = 0; i < n; i++) sink = [p.parentPath, p.extension] })
await rate('path_relative', n => { for (let i = 0; i < n; i++) sink = p.lexicallyRelative(base) })

if (sink === undefined) throw new Error('nothing was measured')
