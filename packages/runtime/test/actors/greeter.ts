// Answers; the types of its messages are for whoever starts it.
import { inbox, type Channel } from '@emilua/runtime'

export interface Greeting { name: string, reply: Channel<string> }

for await (const { name, reply } of inbox.messages<Greeting>()) reply.send(`hello ${name}`)
