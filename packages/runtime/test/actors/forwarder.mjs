// Passes on what it is sent, to whom each message says.
import { inbox } from '@emilua/runtime'

for await (const { to, message } of inbox) {
  to.send(message)
  for (const address of [to, message.to, message.here]) address?.close?.()
}
