// SPDX-License-Identifier: MIT OR BSL-1.0
const least = Number(process.env.BENCHMARK_SECONDS ?? 0.5)

/** Calls body(n), which performs n operations, with n doubled until that takes long enough. */
export async function rate (name: string, body: (n: number) => Promise<void>): Promise<void> {
  for (let n = 64; ; n *= 2) {
    const begin = performance.now()
    await body(n)
    const elapsed = (performance.now() - begin) / 1000
    if (elapsed >= least) {
      console.log(`${name} ${(n / elapsed).toFixed(0)} /s`)
      return
    }
  }
}
