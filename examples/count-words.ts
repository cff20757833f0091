// SPDX-License-Identifier: MIT OR BSL-1.0
// Counts the lines and words of files, all of them at the same time: ./emilua examples/count-words.ts FILE...
import { Stream } from '@emilua/file'
import { Scanner, isEof } from '@emilua/stream'

async function count (name: string): Promise<[lines: number, words: number]> {
  using file = new Stream() // closed at the end of this block
  await file.open(name, ['read_only'])
  const scanner = Scanner.withAwkDefaults(file)
  for (let words = 0; ;) {
    try {
      words += (await scanner.getLine() as unknown[]).length
    } catch (error) {
      if (!isEof(error)) throw error
      return [scanner.recordNumber, words]
    }
  }
}

await Promise.all(process.argv.slice(2).map(async name => {
  const [lines, words] = await count(name)
  console.log(String(lines).padStart(8) + String(words).padStart(8), name)
}))
