// SPDX-License-Identifier: MIT OR BSL-1.0

/** How long a line may be. */
export const width = 116

/** Breaks `text` into lines of at most `width - indent` characters. Line breaks of the text stay. */
export function wrap (text, indent, hanging = '') {
  const lines = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(' ')) {
      const next = line === '' ? word : `${line} ${word}`
      if (line !== '' && next.length > width - indent) {
        lines.push(line)
        line = hanging + word
      } else {
        line = next
      }
    }
    lines.push(line)
  }
  return lines
}

/** A TSDoc comment of `paragraphs` and `tags` (`['@param name', 'text']`), or nothing when there is nothing to say. */
export function comment (paragraphs, tags = [], indent = 0) {
  const body = []
  for (const paragraph of paragraphs.filter(text => text)) {
    if (body.length > 0) body.push('')
    body.push(...wrap(paragraph, indent + 3))
  }
  const rows = tags.filter(([, text]) => text)
  if (rows.length > 0 && body.length > 0) body.push('')
  for (const [tag, text] of rows) body.push(...wrap(`${tag} ${text}`, indent + 3, '  '))
  if (body.length === 0) return ''
  const pad = ' '.repeat(indent)
  const safe = body.map(line => line.replaceAll('*/', '*\\/'))
  if (safe.length === 1 && safe[0].length + indent + 7 <= width) return `${pad}/** ${safe[0]} */\n`
  return `${pad}/**\n${safe.map(line => `${pad} *${line === '' ? '' : ' ' + line}\n`).join('')}${pad} */\n`
}

/** The sentence that tells what an argument may be, or becomes, where its type does not say so. */
export function range (type) {
  const inner = type.kind === 'optional' ? type.element : type
  if (inner.consumed) return 'Taken over: closed afterwards, if the call succeeds.'
  if (inner.kind !== 'integer') return ''
  const { minimum, maximum } = inner
  if (maximum >= 0x7fffffff) return minimum === 0 ? 'Not negative.' : ''
  return `From ${minimum} to ${maximum}.`
}
