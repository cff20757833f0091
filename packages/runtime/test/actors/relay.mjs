// Passes on what it is sent, to whom each message says, until it fails. It keeps no address.
import { inbox } from '@emilua/runtime'

for await (const { to, message } of inbox) {
  let passed = true
  try { to.send(message) } catch { passed = false }
  for (const address of [to, message, message?.to]) address?.close?.()
  if (!passed) break
}
