// Answers, or not.
import { inbox } from '@emilua/runtime'

for (;;) {
  const m = await inbox.receive()
  if (m.n !== undefined) {
    m.reply.send(m.n * m.n)
  } else if (m.late) {
    await inbox.receive()
    let how = 'open'
    try { m.reply.send('too late') } catch { how = 'closed' }
    m.to.send(how)
  } else if (m.dropped) {
    m.reply.close()
  } else {
    break
  }
}
