// SPDX-License-Identifier: MIT OR BSL-1.0
import { member } from '../names.mjs'
import { elementType } from './signature.mjs'
import { classValue } from './types.mjs'

/** What makes `c`, a class with `next`, which gives an element at a time, something to loop over. */
export function iterators (c, next, close, file) {
  const type = elementType(next, file)
  const name = member(next.name)
  const sync = next.blocking ? `${name}Sync` : name
  const ends = close ? ' Leaving the loop closes it.' : ''
  const prompt = (...more) => next.prompt ? [promptly(c, next, file, more)] : []
  const parts = []
  if (next.blocking || next.suspends) {
    const closed = close ? 'this.close()' : '{}'
    parts.push(`  /** What is left, for \`for await\`.${ends} */\n` +
      `  [Symbol.asyncIterator] (): AsyncGenerator<${type}, void, undefined> {\n` +
      `    return ${file.value('iterate', '@emilua/native')}(${[`() => this.${name}()`, `() => ${closed}`, ...prompt()].join(', ')})\n  }\n`)
  }
  if (!next.suspends) {
    const closed = close ? `this.close${close.blocking ? 'Sync' : ''}()` : ''
    const waits = next.blocking ? ' Each step keeps this thread.' : ''
    parts.push(`  /** What is left, for \`for\`.${waits}${ends} */\n` +
      `  * [Symbol.iterator] (): Generator<${type}, void, undefined> {\n` +
      loop(`this.${sync}()`, closed, prompt('true')[0]) + '  }\n')
  }
  return parts.join('\n')
}

/** An expression: what gives those elements that are there already. */
function promptly (c, next, file, more) {
  const { element } = next.results[0].type
  const args = [`native['${c.name}.${next.name}:at_once']`, 'this', classValue(element, file), ...more]
  return `${file.value('promptly', '@emilua/native')}(${args.join(', ')})`
}

/** `prompt`: an expression for what gives the elements that are there, if there is one. */
function loop (step, closed, prompt) {
  const each = prompt ? `(prompt() ?? ${step})` : step
  const lines = [`for (let item = ${each}; item !== undefined; item = ${each}) yield item`]
  if (prompt) lines.unshift(`const prompt = ${prompt}`)
  if (closed === '') return lines.map(line => `    ${line}\n`).join('')
  return '    try {\n' + lines.map(line => `      ${line}\n`).join('') + `    } finally {\n      ${closed}\n    }\n`
}
