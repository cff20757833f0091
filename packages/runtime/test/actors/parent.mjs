// Leaves actors of its own behind, one of each language.
import { spawnVm } from '@emilua/runtime'

await spawnVm(new URL('./late.mjs', import.meta.url))
await spawnVm(new URL('./waiting.lua', import.meta.url))
console.log('parent is through')
