// Knows another actor, and waits for ever.
import { inbox } from '@emilua/runtime'

const { peer } = await inbox.receive()
globalThis.peer = peer
for (;;) await inbox.receive()
