// SPDX-License-Identifier: MIT OR BSL-1.0
// gigabyte.ts FILE: reads the file from its beginning to its end in 64 KiB.
import { Stream } from '@emilua/file'
import { passes } from '../measure/passes.mjs'

await passes('gigabyte', async () => {
  using file = new Stream()
  await file.open(process.argv[2]!, ['read_only'])
  const piece = new Uint8Array(65536)
  for (let left = file.size; left > 0;) left -= await file.readSome(piece)
})
