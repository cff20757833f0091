// SPDX-License-Identifier: MIT OR BSL-1.0
import { member } from '../names.mjs'
import { elementType } from './signature.mjs'

/** What makes a class with `next`, which gives an element at a time, something to loop over. */
export function iterators (next, close, file) {
  const type = elementType(next, file)
  const name = member(next.name)
  const sync = next.blocking ? `${name}Sync` : name
  const ends = close ? ' Leaving the loop closes it.' : ''
  const parts = []
  if (next.blocking || next.suspends) {
    const closed = close ? 'this.close()' : '{}'
    parts.push(`  /** What is left, for \`for await\`.${ends} */\n` +
      `  [Symbol.asyncIterator] (): AsyncGenerator<${type}, void, undefined> {\n` +
      `    return ${file.value('iterate', '@emilua/native')}(() => this.${name}(), () => ${closed})\n  }\n`)
  }
  if (!next.suspends) {
    const closed = close ? `this.close${close.blocking ? 'Sync' : ''}()` : ''
    const waits = next.blocking ? ' Each step keeps this thread.' : ''
    parts.push(`  /** What is left, for \`for\`.${waits}${ends} */\n` +
      `  * [Symbol.iterator] (): Generator<${type}, void, undefined> {\n` +
      loop(`this.${sync}()`, closed) + '  }\n')
  }
  return parts.join('\n')
}

function loop (step, closed) {
  if (closed === '') return `    for (let item = ${step}; item !== undefined; item = ${step}) yield item\n`
  return '    try {\n' +
    `      for (let item = ${step}; item !== undefined; item = ${step}) yield item\n` +
    `    } finally {\n      ${closed}\n    }\n`
}
