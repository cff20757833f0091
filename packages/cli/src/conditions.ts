// SPDX-License-Identifier: MIT OR BSL-1.0

// Set by ./emilua for our own packages, which are never compiled here.
const ours = 'bundled'

function given (): string[] {
  const words = [...(process.env.NODE_OPTIONS ?? '').split(/\s+/), ...process.execArgv]
  const found: string[] = []
  words.forEach((word, index) => {
    const [, attached] = /^(?:--conditions|-C)=(.+)$/.exec(word) ?? []
    const value = attached ?? (word === '--conditions' || word === '-C' ? words[index + 1] : undefined)
    if (value !== undefined && value !== ours) found.push(value)
  })
  return found
}

let known: string[] | undefined

/** The conditions that were given to Node. */
export function givenConditions (): string[] {
  return known ??= given()
}

/** Under which conditions exports and imports of packages are taken. */
export function conditions (): string[] {
  return [...givenConditions(), 'node', 'import']
}
