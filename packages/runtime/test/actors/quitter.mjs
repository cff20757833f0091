// Sends what it is told to, and ends its worker in the middle.
import { inbox } from '@emilua/runtime'

const { to, count } = await inbox.receive()
for (let i = 0; i < count; i++) to.send(i)
process.exit(count % 2)
