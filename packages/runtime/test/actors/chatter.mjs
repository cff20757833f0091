// Sends back what it is sent, to whom the first message says, for ever.
import { inbox } from '@emilua/runtime'

const to = await inbox.receive()
for await (const message of inbox) to.send(message)
