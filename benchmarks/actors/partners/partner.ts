// SPDX-License-Identifier: MIT OR BSL-1.0
// Is told how many messages come, and whether to answer each of them or the last.
import { inbox, type Channel } from '@emilua/runtime'

const to = await inbox.receive<Channel>()
for await (const { each, count } of inbox.messages<{ each: boolean, count: number }>()) {
  for (let i = 0; i < count; i++) {
    const message = await inbox.receive()
    if (each) to.send(message)
  }
  if (!each) to.send('through')
}
