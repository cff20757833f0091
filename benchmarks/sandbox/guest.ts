// SPDX-License-Identifier: MIT OR BSL-1.0
import { inbox, type RemoteChannel } from '@emilua/runtime'

const { reply } = await inbox.receive<{ reply: RemoteChannel }>()
await reply.send(1)
