// Takes nothing until the pipe that it is given ends, then as many messages as it was told.
import { ReadStream } from '@emilua/pipe'
import { inbox } from '@emilua/runtime'

const { main, gate, count } = await inbox.receive()
main.send({ own: inbox })
await new ReadStream(gate).readSome(new Uint8Array(1)).catch(() => {})
const got = []
for (let i = 0; i < count; i++) got.push(await inbox.receive())
main.send({ got })
