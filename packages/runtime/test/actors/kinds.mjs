// Sends back what it is sent, and what that is here, to whom the first message names.
import { inbox } from '@emilua/runtime'
import '@emilua/ip'

const to = await inbox.receive()
for await (const message of inbox) to.send({ kind: typeof message.it, ...message })
