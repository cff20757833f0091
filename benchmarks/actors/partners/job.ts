// SPDX-License-Identifier: MIT OR BSL-1.0
// Computes what it is asked for.
import { inbox, type Channel } from '@emilua/runtime'

const to = await inbox.receive<Channel<number>>()
for await (const seed of inbox.messages<number>()) {
  let x = seed + 1
  for (let i = 0; i < 100_000; i++) x = x * 16807 % 2147483647
  to.send(x)
}
