// SPDX-License-Identifier: MIT OR BSL-1.0

// How many letters have to change, or to change places with the next one, to make one word of the other.
function distance (a: string, b: string): number {
  let last: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      let least = Math.min(row[j]! + (a[i] === b[j] ? 0 : 1), row[j + 1]! + 1, next[j]! + 1)
      if (i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j]) least = Math.min(least, last[j - 1]! + 1)
      next.push(least)
    }
    last = row
    row = next
  }
  return row[b.length]!
}

/**
 * The end of a message about a name that does not exist: `; is it 'signal' that is meant?`, or nothing where none of the
 * names there are is similar.
 */
export function isItMeant (wrong: string, known: Iterable<string>): string {
  let best = ''
  // A quarter of the letters, at least one. Of two letters one may be missing: where one is another, each name would be
  // similar to each.
  let least = wrong.length < 2 ? 0 : Math.max(1, Math.floor(wrong.length / 4)) + 1
  for (const name of known) {
    // An abbreviation is as good as one wrong letter.
    const begun = wrong.length >= 3 && name.startsWith(wrong)
    if ((!begun && name.length > wrong.length + 3) || (wrong.length === 2 && name.length === 2)) continue
    const d = begun ? 1 : distance(wrong.toLowerCase(), name.toLowerCase())
    if (d < least || (d === least && best !== '' && name < best)) {
      least = d
      best = name
    }
  }
  return best === '' ? '' : `; is it '${best}' that is meant?`
}
