// SPDX-License-Identifier: MIT OR BSL-1.0
// Time is that of the clock on the wall, for what several threads do.
const least = Number(process.env.BENCHMARK_SECONDS ?? 0.5) * 1000
// What the names of those have in them that are measured.
const only = process.env.BENCHMARK_ONLY ?? ''

/**
 * Measures body(n), which performs n operations, as operations a second.
 * @param {string} name
 * @param {(n: number) => unknown} body
 * @param {number} [first] - the first n, which is doubled until all take long enough
 */
export async function rate (name, body, first = 64) {
  if (!name.includes(only)) return
  for (let n = first; ; n *= 2) {
    const begin = performance.now()
    await body(n)
    const elapsed = performance.now() - begin
    if (elapsed >= least) return console.log(`${name} ${(n / elapsed * 1000).toFixed(0)} /s`)
  }
}
