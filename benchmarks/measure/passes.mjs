// SPDX-License-Identifier: MIT OR BSL-1.0
// Time is that of the clock on the wall, for what other processes and threads do as well.
const least = Number(process.env.BENCHMARK_SECONDS ?? 0.5) * 1000

/**
 * Measures body(), which is done again and again, as milliseconds.
 * @param {string} name
 * @param {() => unknown} body
 */
export async function passes (name, body) {
  const begin = performance.now()
  for (let n = 1; ; n++) {
    await body()
    const elapsed = performance.now() - begin
    if (elapsed >= least) return console.log(`${name} ${(elapsed / n).toFixed(2)} ms`)
  }
}
