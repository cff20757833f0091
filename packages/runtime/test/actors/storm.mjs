// Messages to and from actors of both languages; ends in the middle, after as many answers as its argument says.
import { inbox, spawnVm } from '@emilua/runtime'

const end = Number(process.argv[2])
const way = process.argv[3]
const start = name => spawnVm(new URL(name, import.meta.url))
const all = await Promise.all(['chatter.lua', 'chatter.lua', 'chatter.mjs'].map(start))
for (const each of all) {
  each.send(inbox)
  for (let i = 0; i < 50; i++) each.send({ i, address: inbox, list: [1, 2, 3] })
}
for (let n = 0; ; n++) {
  const message = await inbox.receive()
  if (n === end) {
    if (way === 'throw') throw new Error('in the middle')
    process.exit(7)
  }
  all[n % 3].send(message)
}
